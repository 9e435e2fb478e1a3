-- What every persona starts from. Not meant to run on its own: it says nothing about what it can serve.
return persona {
  name = "base",
  allocation = { cpu = 1, memory = "2GiB", bandwidth = "500Mbps" },

  kpis = {
    cpu_utilization    = { objective = "< 85%" },
    memory_utilization = { objective = "< 90%" },
    error_rate         = { objective = "< 1%" },
  },

  -- What one resource costs an hour, and what an hour short of one costs. The ratio of the two says how cautious
  -- the forecast is read: at 10 to 1 the fleet is sized for the demand that is met in nine of ten cases.
  cost = { per_hour = 0.12, shortfall = 1.20 },

  startup = "90s", -- only a first guess: it is learned from then on

  templates = {
    ["/etc/troupe/persona.env"] = [[
# Written by Troupe. Changes made here are taken back.
TROUPE_FLEET={{fleet}}
TROUPE_PERSONA={{persona}}
TROUPE_RESOURCE={{resource.id}}
]],
    ["/etc/sysctl.d/60-troupe.conf"] = [[
# {{persona}}: swap only when there is no other way.
vm.swappiness = 10
]],
  },
}

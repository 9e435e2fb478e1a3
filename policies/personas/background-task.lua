-- Works off a queue that nobody waits for. Cheap, interruptible, and gone when there is nothing to do.
return persona {
  name = "background-task",
  extends = "base",
  allocation = { cpu = 1, memory = "2GiB", bandwidth = "200Mbps" },

  capacity = { job_rate = 30 }, -- jobs/min; the median job takes two seconds

  kpis = {
    queue_length    = { objective = "< 500" },
    job_failures    = { objective = "< 2%" },
    cpu_utilization = { objective = "< 95%" },
  },

  -- A late job is a nuisance, not a loss: three times the resource.
  cost = { per_hour = 0.05, shortfall = 0.15 },

  startup = "45s",

  templates = {
    ["/etc/default/worker"] = [[
WORKER_CONCURRENCY={{allocation.cpu}}
WORKER_MEMORY_LIMIT_MIB={{allocation.memory_mib}}
WORKER_NICE=10
# Finish what was started, then leave: a draining worker takes no new job.
WORKER_DRAIN_SECONDS=120
]],
    ["/etc/systemd/system/worker.service.d/60-troupe.conf"] = [[
# {{persona}}: whoever answers people goes first.
[Service]
Nice=10
IOSchedulingClass=idle
CPUWeight=20
MemoryHigh={{allocation.memory_mib}}M
]],
  },
}

-- The shop: web servers behind a load balancer. Slow answers cost orders, so it scales ahead and comes down slowly.
return fleet {
  name = "storefront",
  driver = "simulated",
  personas = { "low-latency", "security-focused" }, -- the first is what new resources get unless someone says otherwise
  policies = { "latency-guard", "business-hours" }, -- all of them propose; the largest need wins

  demand = "request_rate",
  kpis = {
    -- What reaches the balancer, not what the servers answered: when they are full, only the former still grows.
    request_rate = { metric = "http_requests_total", match = { job = "shop-balancer" }, rate = true },
  },

  grid = "1m",
  interval = "15s",
  timezone = "Europe/Berlin",

  limits = {
    min = 2, max = 200,
    step_up   = "100%/1m", -- twice as many each minute is as fast as the database pool can warm up
    step_down = "20%/5m",
    settle    = "5m",
    reversals = "6/1h",
    removals  = "50%/1h",
    cost_per_hour = 60,
  },

  prediction = "merge",
  trust = 0.5,
  headroom = "10%",

  -- The season in which nobody wants a surprise: it may grow, and nothing else.
  freeze = { { from = "2026-12-24", to = "2026-12-27", allow = "out" } },

  on_blind = "hold_in", -- without metrics: never fewer, but on the forecast still more
  mode = "act",
}

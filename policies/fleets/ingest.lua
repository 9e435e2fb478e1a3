-- Event ingestion: a stream that may lag for a minute, on large machines that should be busy.
return fleet {
  name = "ingest",
  driver = "simulated",
  personas = { "high-throughput" },
  policies = { "forecast-only" },

  demand = "event_rate",
  kpis = {
    event_rate = { metric = "events_received_total", match = { job = "ingest" }, rate = true },
  },

  grid = "1m",
  interval = "30s",
  timezone = "UTC",

  limits = {
    min = 3, max = 60,
    step_up   = "50%/2m",
    step_down = "2/10m", -- each removal moves partitions: two at a time
    settle    = "15m",
    reversals = "4/1h",
    removals  = "25%/1h",
  },

  headroom = "15%",
  on_blind = "hold",
  mode = "act",
}

-- Nightly exports, thumbnails, mails: jobs from a queue. Empty queue, empty fleet.
return fleet {
  name = "batch",
  driver = "simulated",
  personas = { "background-task" },
  policies = { "queue-drain" },

  demand = "job_rate", -- jobs put into the queue per minute
  kpis = {
    -- The broker counts what comes in, whether a worker is there or not (`resource_label = false`: no worker reports it).
    -- Without such a demand a fleet at zero would never hear that it is needed, and `min = 0` is refused.
    job_rate     = { metric = "queue_jobs_added_per_minute", match = { queue = "batch" }, resource_label = false },
    queue_length = { metric = "queue_jobs_waiting", match = { queue = "batch" }, resource_label = false },
  },

  grid = "1m",
  interval = "30s",
  timezone = "Europe/Berlin",

  limits = {
    min = 0, max = 40,
    step_up   = "10/1m",
    step_down = "50%/5m",
    settle    = "10m",
  },

  prediction = "merge",
  headroom = "0%", -- the queue is the headroom
  mode = "act",
}

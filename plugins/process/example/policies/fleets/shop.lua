-- The shop: small web servers on this machine, behind nginx. Its load rises and falls every minute, so that there is something to see.
return fleet {
  name = "shop",
  driver = "process",
  target = {
    command = "shop-server --port {port}", -- found in PATH: the app, the agent beside it, its place behind nginx
    ports = "20000-20099",
    ready = "/healthz",
    reload = "HUP",  -- a changed persona is read without a restart
    drain = "30s",   -- off nginx's list first, then what was begun is finished
  },
  personas = { "standard", "careful" }, -- the first is what new servers get

  demand = "request_rate",
  kpis = {
    -- The agent reads them beside each server.
    request_rate           = { metric = "http_requests_total", rate = true, agent = true },
    request_latency_p99_ms = { metric = "http_request_duration_seconds", quantile = 0.99 },
  },

  -- A fleet whose day takes a minute. Where a day takes a day, leave both out.
  grid = "2s",
  interval = "1s",

  limits = {
    min = 2, max = 8,
    settle = "10s",
  },
  mode = "act",
}

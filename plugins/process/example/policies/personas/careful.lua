-- For a server that someone wants to look at: it writes down every request, and takes half of them.
return persona {
  name = "careful",
  extends = "standard",
  capacity = { request_rate = 5 },
  cost = { per_hour = 0.05, shortfall = 1 },
  templates = {
    ["/etc/shop.conf"] = "persona={{persona}}\nworkers=1\nservice_ms=100\nwarm_up_s=5\nlog_requests=yes\n",
  },
}

-- What a server of the shop is unless someone says otherwise.
return persona {
  name = "standard",
  capacity = { request_rate = 10 }, -- two workers at 100 ms each could do 20; at 10 hardly anyone waits
  kpis = { request_latency_p99_ms = { objective = "< 500" } },
  cost = { per_hour = 0.05, shortfall = 1 },
  startup = "8s", -- a first guess; measured from then on
  templates = {
    ["/etc/shop.conf"] = "persona={{persona}}\nworkers=2\nservice_ms=100\nwarm_up_s=5\nlog_requests=no\n",
  },
}

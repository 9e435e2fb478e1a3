-- Moves as much as the machine can. Batches, buffers and runs hot: a second more or less does not matter to anyone.
return persona {
  name = "high-throughput",
  extends = "base",
  allocation = { cpu = 8, memory = "16GiB", bandwidth = "10Gbps" },

  capacity = { event_rate = 18000 }, -- events/s, sustained, without the lag growing

  kpis = {
    cpu_utilization    = { objective = "< 90%" },
    consumer_lag       = { objective = "< 100000" },
    memory_utilization = { objective = "< 85%" },
  },

  -- What is late is caught up with later, so a shortfall costs five times the resource, not twenty.
  cost = { per_hour = 0.92, shortfall = 4.60 },

  startup = "2m",

  templates = {
    ["/etc/default/ingest"] = [[
INGEST_THREADS={{allocation.cpu}}
INGEST_BATCH_BYTES=1048576
INGEST_LINGER_MS=50
INGEST_BUFFER_MIB={{allocation.memory_mib}}
INGEST_COMPRESSION=zstd
]],
    ["/etc/sysctl.d/60-troupe.conf"] = [[
# {{persona}}: large windows for a {{allocation.bandwidth}} link, writes collected before they go to disk.
net.core.rmem_max = 67108864
net.core.wmem_max = 67108864
net.ipv4.tcp_rmem = 4096 262144 67108864
net.ipv4.tcp_wmem = 4096 262144 67108864
net.ipv4.tcp_congestion_control = bbr
vm.dirty_background_ratio = 10
vm.dirty_ratio = 40
]],
  },
}

-- Answers people who are waiting. Kept well below saturation, because latency explodes before throughput does.
return persona {
  name = "low-latency",
  extends = "base",
  allocation = { cpu = 2, memory = "4GiB", bandwidth = "1Gbps" },

  capacity = { request_rate = 120 }, -- requests/s with p99 below the objective, from our load tests

  kpis = {
    request_latency_p50_ms = { objective = "< 80" },
    request_latency_p99_ms = { objective = "< 250" },
    error_rate             = { objective = "< 0.5%" },
    cpu_utilization        = { objective = "< 70%" },
  },

  -- An hour short of one resource loses about twenty times what the resource costs in that hour.
  cost = { per_hour = 0.34, shortfall = 6.80 },

  startup = "60s",

  templates = {
    -- One worker per core, short keep-alive queues, no buffering to disk: whatever waits, waits in memory or not at all.
    ["/etc/nginx/conf.d/troupe-persona.conf"] = [[
# {{persona}} on {{resource.id}} ({{allocation.cpu}} cores, {{allocation.memory}})
upstream app {
    server 127.0.0.1:8080 max_fails=2 fail_timeout=2s;
    keepalive 64;
}
server {
    listen 80 backlog=1024;
    tcp_nodelay on;
    keepalive_timeout 15s;
    proxy_buffering off;
    location / {
        proxy_pass http://app;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_connect_timeout 200ms;
        proxy_read_timeout 2s;
    }
}
]],
    ["/etc/sysctl.d/60-troupe.conf"] = [[
# {{persona}}: short queues, no slow start after idling, memory rather than disk.
net.core.somaxconn = 1024
net.ipv4.tcp_slow_start_after_idle = 0
net.ipv4.tcp_fastopen = 3
net.core.default_qdisc = fq
vm.swappiness = 1
]],
    ["/etc/default/app"] = [[
APP_WORKERS={{allocation.cpu}}
APP_MEMORY_LIMIT_MIB={{allocation.memory_mib}}
APP_REQUEST_TIMEOUT_MS=2000
APP_GC=low-pause
]],
  },
}

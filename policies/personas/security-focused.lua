-- Handles what must not leak: payments, logins, exports. Everything is inspected and logged, and that takes its share of the cores.
return persona {
  name = "security-focused",
  extends = "low-latency",
  allocation = { cpu = 2, memory = "6GiB", bandwidth = "500Mbps" },

  capacity = { request_rate = 70 }, -- the same service with inspection and audit on

  kpis = {
    request_latency_p50_ms = { objective = "< 150" },
    request_latency_p99_ms = { objective = "< 400" },
    tls_handshake_failures = { objective = "< 0.1%" },
    audit_backlog          = { objective = "< 1000" },
  },

  cost = { per_hour = 0.41, shortfall = 8.20 },

  templates = {
    ["/etc/nginx/conf.d/troupe-persona.conf"] = [[
# {{persona}} on {{resource.id}}: nothing in the clear, nothing unlogged.
limit_req_zone $binary_remote_addr zone=perip:10m rate=20r/s;
server {
    listen 443 ssl;
    ssl_certificate     /etc/app/tls/server.crt;
    ssl_certificate_key /etc/app/tls/server.key;
    ssl_protocols TLSv1.3;
    ssl_session_tickets off;
    server_tokens off;
    client_max_body_size 256k;
    add_header Strict-Transport-Security "max-age=63072000" always;
    add_header X-Content-Type-Options nosniff always;
    access_log /var/log/nginx/audit.log combined;
    location / {
        limit_req zone=perip burst=40 nodelay;
        proxy_pass http://127.0.0.1:8080;
        proxy_read_timeout 5s;
    }
}
]],
    ["/etc/sysctl.d/60-troupe.conf"] = [[
# {{persona}}: answers nothing it was not asked, and tells nobody where things are in memory.
kernel.kptr_restrict = 2
kernel.yama.ptrace_scope = 2
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.rp_filter = 1
net.ipv4.tcp_syncookies = 1
vm.swappiness = 0
]],
  },
}

-- What someone on call may rely on when latency-guard runs the shop.

test("adds a fifth when answers are slow", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 11:00",
    capacity = { ready = 10 }, demand = 600,
    kpis = { request_latency_p99_ms = 410 },
  }
  t.equal(d.outcome, "scale_out")
  t.equal(d.target, 12)
end)

test("does not compound while new resources are starting", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 11:00",
    capacity = { ready = 10, starting = 2 }, demand = 600,
    kpis = { request_latency_p99_ms = 410 },
  }
  t.equal(d.target, 12)
end)

test("grows before the load arrives", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 11:00",
    capacity = { ready = 5 }, demand = 500,
    kpis = { request_latency_p99_ms = 120 },
    forecast = { values = 1100, trust = 0.9, model = "given" },
  }
  t.equal(d.outcome, "scale_out")
  t.check(d.target >= 10, "1100 requests/s need ten resources, got " .. d.target)
end)

test("holds when it is blind", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 03:00",
    capacity = { ready = 4 }, demand = 100,
    kpis = { request_latency_p99_ms = t.missing },
  }
  t.equal(d.outcome, "hold")
  t.equal(d.target, 4)
end)

test("blind, it still grows for what is coming", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 03:00",
    capacity = { ready = 4 }, demand = 400,
    kpis = { request_latency_p99_ms = t.source_down },
    forecast = { values = 700, trust = 0.9, model = "given" },
  }
  t.check(d.target >= 6, "700 requests/s need six resources, got " .. d.target)
end)

test("an idle shop is not a blind one", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "latency-guard", now = "2026-11-24 03:00",
    capacity = { ready = 4 }, demand = 0,
    kpis = { request_latency_p99_ms = t.idle },
  }
  t.check(d.target >= 2, "never below the fleet's minimum")
  for _, proposal in ipairs(d.proposals) do
    t.check(not string.find(proposal.text, "hold", 1, true), "nothing to hold for: " .. proposal.text)
  end
end)

property("never below the minimum, never above the maximum", function(t)
  local run = t.simulate { fleet = "storefront", policy = "latency-guard", load = t.any_load(), duration = "6h", history = "2d" }
  t.check(run.min_target >= 2, "fell to " .. run.min_target)
  t.check(run.max_target <= 200, "grew to " .. run.max_target)
end)

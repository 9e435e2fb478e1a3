-- The forecast alone, with the fleet's limits around it.

test("proposes nothing of its own", function(t)
  local d = t.decide { fleet = "ingest", capacity = { ready = 5 }, demand = 60000 }
  t.equal(#d.proposals, 0)
end)

test("grows for what is coming, not for what is there", function(t)
  local d = t.decide {
    fleet = "ingest", capacity = { ready = 4 }, demand = 50000,
    forecast = { values = 100000, trust = 0.9, model = "given" },
  }
  t.equal(d.outcome, "scale_out")
  t.check(d.target >= 6, "100000 events/s need six resources, got " .. d.target)
end)

test("does not shrink on a forecast that it cannot trust", function(t)
  local d = t.decide {
    fleet = "ingest", capacity = { ready = 6 }, demand = 90000,
    forecast = { values = 1000, trust = 0.1, model = "given" },
  }
  t.check(d.target >= 6, "what serves the demand of this moment stays, got " .. d.target)
end)

test("does nothing when demand is not known", function(t)
  local d = t.decide { fleet = "ingest", capacity = { ready = 5 }, demand = t.missing, forecast = t.missing }
  t.equal(d.outcome, "hold")
  t.equal(d.target, 5)
end)

property("stays within the fleet's limits under any load", function(t)
  local run = t.simulate { fleet = "ingest", load = t.any_load { level = 120000 }, duration = "6h", history = "2d" }
  t.check(run.min_target >= 3, "fell to " .. run.min_target)
  t.check(run.max_target <= 60, "grew to " .. run.max_target)
end)

-- The batch fleet: as many workers as the queue asks for, and none when there is nothing to do.

test("goes home when the queue has been empty for a while", function(t)
  local d = t.decide {
    fleet = "batch", capacity = { ready = 1 }, demand = 0,
    kpis = { queue_length = 0 },
  }
  t.equal(d.target, 0)
end)

test("comes back with the first job", function(t)
  local d = t.decide {
    fleet = "batch", capacity = { ready = 0 }, demand = { 0, 0, 0, 0, 3 },
    kpis = { queue_length = { 0, 0, 0, 0, 3 } },
    forecast = { values = 0, trust = 0.2, model = "given" },
  }
  t.equal(d.outcome, "scale_out")
  t.check(d.target >= 1)
end)

test("takes on what waits as well as what arrives", function(t)
  -- 30 jobs a minute each: 60 arrive, 900 waiting in 15 minutes are another 60 a minute.
  local d = t.decide {
    fleet = "batch", capacity = { ready = 2 }, demand = 60,
    kpis = { queue_length = 900 },
  }
  t.equal(d.target, 4)
end)

test("does not take a lost queue for an empty one", function(t)
  local d = t.decide {
    fleet = "batch", capacity = { ready = 3 }, demand = t.missing,
    kpis = { queue_length = t.source_down },
  }
  t.equal(d.target, 3)
  t.equal(d.outcome, "hold")
end)

test("wakes up although nobody was there to report", function(t)
  local d = t.decide {
    fleet = "batch", capacity = { ready = 0 }, demand = 45,
    kpis = { queue_length = t.idle },
  }
  t.equal(d.target, 2)
end)

property("stays within its limits under any load, and never fails", function(t)
  local run = t.simulate { fleet = "batch", load = t.any_load { level = 200 }, duration = "6h", history = "1d" }
  t.check(run.max_target <= 40, "grew to " .. run.max_target)
  t.equal(run.failures, 0)
end)

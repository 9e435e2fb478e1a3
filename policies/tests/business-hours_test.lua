-- The floor of the day: there from a quarter of an hour before the doors open, gone in the evening.

local function at(t, now)
  return t.decide {
    fleet = "storefront", policy = "business-hours", now = now,
    capacity = { ready = 2 }, demand = 60,
  }
end

test("is ready a quarter of an hour before the day begins", function(t)
  t.equal(at(t, "2026-11-24 07:44").target, 2)
  t.equal(at(t, "2026-11-24 07:45").target, 4)
  t.equal(at(t, "2026-11-24 19:59").target, 4)
  t.equal(at(t, "2026-11-24 20:00").target, 2)
end)

test("knows the weekend", function(t)
  t.equal(at(t, "2026-11-28 08:30").target, 2) -- a Saturday: opens at nine
  t.equal(at(t, "2026-11-28 09:00").target, 4)
  t.equal(at(t, "2026-11-29 12:00").target, 2) -- a Sunday
end)

test("keeps to the clock on the wall when summer time begins and ends", function(t)
  t.equal(at(t, "2026-03-30 07:45").target, 4) -- the Monday after clocks went forward
  t.equal(at(t, "2026-10-26 07:44").target, 2) -- the Monday after they went back
end)

test("opening hours with a slip in them are refused", function(t)
  local hours = require("lib.hours")
  local ok, message = pcall(hours.weekly, { saterday = { from = "09:00", to = "18:00" } })
  t.equal(ok, false)
  t.check(string.find(tostring(message), "saterday", 1, true), "it says which day: " .. tostring(message))
  t.equal(pcall(hours.weekly, { sunday = { from = "20:00", to = "08:00" } }), false)
end)

test("asks for a floor, not for a number: demand may take more", function(t)
  local d = t.decide {
    fleet = "storefront", policy = "business-hours", now = "2026-11-24 12:00",
    capacity = { ready = 8 }, demand = 900,
  }
  t.check(d.target >= 8, "900 requests/s need eight resources, got " .. d.target)
end)

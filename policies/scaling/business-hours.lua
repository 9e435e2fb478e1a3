-- People expect the shop to be quick from the first minute of the day: be ready before they arrive, whatever the forecast says.
-- Hours are those of the fleet's own time zone (`timezone` in the fleet), summer time included.
local hours = require("lib.hours")

local policy = { name = "business-hours" }

local WEEK = hours.weekly {
  weekdays = { from = "08:00", to = "20:00" },
  saturday = { from = "09:00", to = "18:00" },
}
local EARLY_MINUTES = 15  -- start-up and warming caches
local FLOOR = 4

function policy.propose(ctx)
  if WEEK.open(ctx.now, EARLY_MINUTES) then
    return at_least(FLOOR, "business hours in " .. ctx.fleet.timezone)
  end
  -- Outside of business hours there is nothing to add to what demand and forecast say.
  return nil
end

return policy

-- Opening hours by weekday, in the fleet's own time zone.
local hours = {}

local WEEKDAYS = { "monday", "tuesday", "wednesday", "thursday", "friday" }

-- "08:30" → minutes since midnight.
local function minutes(text)
  local hour, minute = string.match(text, "^(%d%d?):(%d%d)$")
  if not hour then error("expected a time such as \"08:30\", not \"" .. tostring(text) .. "\"", 3) end
  return tonumber(hour) * 60 + tonumber(minute)
end

-- hours.weekly { weekdays = { from =, to = }, saturday = { from =, to = }, … } → an object with `open(now, early_minutes)`.
-- A day that is not named is closed.
function hours.weekly(days)
  local opening = {}
  local function put(day, span) opening[day] = { from = minutes(span.from), to = minutes(span.to) } end
  if days.weekdays then
    for _, day in ipairs(WEEKDAYS) do put(day, days.weekdays) end
  end
  for day, span in pairs(days) do
    if day ~= "weekdays" then put(day, span) end
  end

  local week = {}
  function week.open(now, early_minutes)
    local today = opening[now.weekday]
    if not today then return false end
    local minute = now.hour * 60 + now.minute
    return minute >= today.from - (early_minutes or 0) and minute < today.to
  end
  return week
end

return hours

-- Opening hours by weekday, in the fleet's own time zone.
local hours = {}

local WEEKDAYS = { "monday", "tuesday", "wednesday", "thursday", "friday" }
local DAYS = { weekdays = true, saturday = true, sunday = true }
for _, day in ipairs(WEEKDAYS) do DAYS[day] = true end

-- "08:30" → minutes since midnight; nil for what is no time. "24:00" is the end of the day.
local function minutes(text)
  local hour, minute = string.match(tostring(text), "^(%d%d?):(%d%d)$")
  if not hour then return nil end
  local total = tonumber(hour) * 60 + tonumber(minute)
  return tonumber(minute) < 60 and total <= 24 * 60 and total or nil
end

-- hours.weekly { weekdays = { from =, to = }, saturday = { from =, to = }, … } → an object with `open(now, early_minutes)`.
-- `weekdays` stands for monday to friday; a single day overrides it. A day that is not named is closed.
function hours.weekly(days)
  local opening = {}

  local function put(day, span)
    local from, to = minutes(span.from), minutes(span.to)
    if not (from and to and from < to) then
      error("hours.weekly: " .. day .. " needs from and to, such as { from = \"08:00\", to = \"20:00\" }", 3)
    end
    opening[day] = { from = from, to = to }
  end

  for day in pairs(days) do
    -- A slip here would close the shop on that day, and nobody would notice before it.
    if not DAYS[day] then error("hours.weekly: there is no day \"" .. tostring(day) .. "\"", 2) end
  end
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

-- Keeps answers fast: adds when they get slow, and makes sure the next half hour fits before it comes.
local policy = { name = "latency-guard" }

local SLOW_MS = 250       -- the objective of the low-latency persona
local STEP = "20%"        -- enough to notice, little enough to regret

function policy.propose(ctx)
  local p99 = ctx.kpi("request_latency_p99_ms", { persona = "low-latency" })

  -- Nobody is asking for anything: no latency to guard, and no reason to hold either.
  if p99.status == "idle" then return nil end

  -- Without eyes nobody leaves; what the forecast asks for may still come.
  if p99.status ~= "ok" then return hold("no latency to look at: " .. p99.status, "in") end

  local p99_ms = p99:mean("5m")
  if p99_ms > SLOW_MS then
    return scale_by(STEP, string.format("p99 at %.0f ms over 5 minutes, objective %d ms", p99_ms, SLOW_MS))
  end

  return at_least(ctx.resources_for(ctx.forecast:at("30m", 0.75)), "what half an hour from now likely takes")
end

return policy

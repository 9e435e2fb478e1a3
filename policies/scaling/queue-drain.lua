-- Works the queue off within a promised time, and goes home when there is nothing left to do.
local policy = { name = "queue-drain" }

local DRAIN_MINUTES = 15  -- what waits now is done by then
local QUIET = "10m"       -- so long without a job, and nobody stays

function policy.propose(ctx)
  local queue = ctx.kpi("queue_length")
  if queue.status ~= "ok" then return hold("queue length is " .. queue.status) end

  local waiting = queue:last()
  if waiting == 0 and ctx.demand:max(QUIET) == 0 then
    return scale_to(0, "no job for " .. QUIET)
  end

  -- Keep up with what arrives, and take an even share of what waits.
  local jobs_per_minute = ctx.demand:mean("5m") + waiting / DRAIN_MINUTES
  local workers = math.max(1, ctx.resources_for(jobs_per_minute))
  return scale_to(workers, string.format("%d waiting, to be done in %d minutes", waiting, DRAIN_MINUTES))
end

return policy

-- Works the queue off within a promised time, and goes home when there is nothing left to do.
local policy = { name = "queue-drain" }

local DRAIN_MINUTES = 15  -- what waits now is done by then
local QUIET = "10m"       -- so long without a job, and nobody stays

function policy.propose(ctx)
  local queue = ctx.kpi("queue_length")

  -- An idle queue is an empty one. One that cannot be seen may hold anything: nobody leaves, nobody comes.
  local waiting = 0
  if queue.status == "ok" then
    waiting = queue:last()
  elseif queue.status ~= "idle" then
    return hold("queue length is " .. queue.status)
  end

  if waiting == 0 and ctx.demand:max(QUIET) == 0 then
    return scale_to(0, "no job for " .. QUIET)
  end

  -- Keep up with what arrives, and take an even share of what waits.
  local jobs_per_minute = ctx.demand:mean("5m") + waiting / DRAIN_MINUTES
  local workers = math.max(1, ctx.resources_for(jobs_per_minute))
  return scale_to(workers, string.format("%.0f waiting, to be done in %d minutes", waiting, DRAIN_MINUTES))
end

return policy

-- Adds nothing of its own: the forecast and the fleet's limits decide alone. Start here, and see how far it carries you.
local policy = { name = "forecast-only" }

function policy.propose(ctx)
  return nil
end

return policy

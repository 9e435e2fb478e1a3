-- Drives any fleet behind a small HTTP service that its owner writes: README.md has the contract.
--
-- The service is asked, never trusted to remember us: every change carries its key, so that a request whose answer was lost is sent again.

local function headers(host, target)
  local fields = { accept = "application/json", ["content-type"] = "application/json" }
  if target.secret then fields.authorization = "Bearer " .. host.secret(target.secret) end
  return fields
end

local function base(target) return (target.url:gsub("/+$", "")) end

-- One request; answers what the service says, or fails the way the service failed.
local function ask(host, target, method, path, body)
  local answer = host.http {
    url = base(target) .. path, method = method, headers = headers(host, target),
    body = body and host.json.encode(body), timeout = target.timeout,
  }
  if answer.status >= 200 and answer.status < 300 then
    return answer.body == "" and {} or host.json.decode(answer.body)
  end
  local why = method .. " " .. base(target) .. path .. " answered " .. answer.status .. ": " .. answer.body:sub(1, 200)
  if answer.status == 404 or answer.status == 410 then return nil, why, "not_found" end
  if answer.status == 429 or answer.status >= 500 then return nil, why, "unavailable" end
  return nil, why, "refused"
end

local function fleet_path(host) return "/fleets/" .. host.fleet end

-- What one resource of the service's list is to Troupe; the service may say more, which is left out.
local function resource_of(item)
  return {
    id = item.id, key = item.key, managed = item.managed, state = item.state, persona = item.persona, labels = item.labels,
    since = item.since, ready_at = item.ready_at, configuration = item.configuration,
  }
end

local function describe(host, target, page)
  local query = page.next and "?page=" .. host.url.encode(tostring(page.next)) or ""
  local answer, why, kind = ask(host, target, "GET", fleet_path(host) .. "/resources" .. query)
  if not answer then return nil, why, kind == "not_found" and "refused" or kind end
  if type(answer.resources) ~= "table" then return nil, "the answer of " .. base(target) .. " has no list of resources", "refused" end
  local list = {}
  for i, item in ipairs(answer.resources) do list[i] = resource_of(item) end
  return list, answer.next
end

local function provision(host, target, request)
  local answer, why, kind = ask(host, target, "POST", fleet_path(host) .. "/provision", request)
  if not answer then return nil, why, kind end
  return { ids = answer.ids, refused = answer.refused, reason = answer.reason }
end

local function retire(host, target, request)
  local answer, why, kind = ask(host, target, "POST", fleet_path(host) .. "/retire", request)
  if not answer then return nil, why, kind end
  return answer.ids or {}
end

local function configure(host, target, request)
  local answer, why, kind = ask(host, target, "POST", fleet_path(host) .. "/configure", request)
  if not answer then return nil, why, kind end
  return true
end

-- Whether the service is there and knows the fleet: a look, no request to it.
local function precheck(host, target)
  local answer, why, kind = ask(host, target, "GET", fleet_path(host) .. "/resources")
  if answer then return end
  if kind == "unavailable" then return nil, why end
  return { why }
end

return driver {
  name = "webhook",
  version = "1.0.0",
  api = 1,
  needs = {
    http = { "GET,POST target.url" },
    secrets = { "target.secret" },
  },
  config = {
    url = { type = "string", help = "where the service is, such as \"https://fleet.example.com/troupe\"" },
    secret = { type = "string?", help = "the name of the secret that is sent as bearer token" },
    timeout = { type = "duration", default = "20s", help = "how long one request may take" },
  },
  can = { "retire_chosen", "configure", "mixed_personas", "precheck" },
  describe = describe,
  provision = provision,
  retire = retire,
  configure = configure,
  precheck = precheck,
}

-- Runs a fleet as processes on this machine: each resource is one process with a port and a folder of its own.
--
-- What is running is kept in one small file per resource, written before and after each step, so that a call that was cut off is simply
-- made again: a key starts nothing twice, and processes outlive Troupe.

-- What one call takes on: Troupe bounds what a result may hold, and how often a call may ask its host.
local page_size, most_starts = 200, 200

local function record_path(id) return "resources/" .. id .. ".json" end
local function work_folder(id) return "work/" .. id end

local function load(host, id)
  local text = host.file.read(record_path(id))
  return text and host.json.decode(text)
end

local function save(host, record) host.file.write(record_path(record.id), host.json.encode(record)) end

-- All records; or at most `most` of those whose files come after `last`, and the file to go on after where there are more.
local function load_all(host, last, most)
  local records, seen = {}, 0
  for _, name in ipairs(host.file.list("resources")) do
    local id = name:match("^(.+)%.json$")
    if id and not (last and name <= last) then
      records[#records + 1] = load(host, id)
      seen = seen + 1
      if seen == most then return records, name end
    end
  end
  return records
end

-- Splits a command line into words; quotes keep blanks together.
local function words_of(line)
  local words, word, quote = {}, nil, nil
  for char in line:gmatch(".") do
    if quote then
      if char == quote then quote = nil else word = word .. char end
    elseif char == '"' or char == "'" then
      quote, word = char, word or ""
    elseif char:match("%s") then
      if word then words[#words + 1], word = word, nil end
    else
      word = (word or "") .. char
    end
  end
  if quote then error("target.command opens a quote (" .. quote .. ") and never closes it") end
  if word then words[#words + 1] = word end
  return words
end

-- Says what is wrong with a target before anything is started by it.
local function checked(target)
  local words = words_of(target.command)
  if #words == 0 then error("target.command is empty; expected a program and its arguments") end
  local low, high = target.ports:match("^(%d+)%-(%d+)$")
  low, high = tonumber(low), tonumber(high)
  if not low or low < 1 or high > 65535 or low > high then
    error('target.ports is "' .. target.ports .. '"; expected a range such as "20000-20999"')
  end
  if not target.command:find("{port}", 1, true) then
    error("target.command has no {port}: nobody would know when a process is ready; put it where the port belongs")
  end
  if target.ready ~= "port" and target.ready:sub(1, 1) ~= "/" then
    error('target.ready is "' .. target.ready .. '"; expected "port", or a path such as "/healthz"')
  end
  return words, low, high
end

local function filled(text, record, host)
  local values = { port = tostring(record.port), id = record.id, folder = host.folder .. "/" .. work_folder(record.id) }
  return (text:gsub("{(%a+)}", values))
end

-- Writes the files of a persona below the resource's folder, removes those of the persona before; answers whether anything is new.
local function write_files(host, record, files)
  local changed, paths = false, {}
  for path, contents in pairs(files) do
    local place = work_folder(record.id) .. "/" .. path:gsub("^/+", "")
    paths[#paths + 1] = place
    if host.file.read(place) ~= contents then
      host.file.write(place, contents)
      changed = true
    end
  end
  local kept = {}
  for _, place in ipairs(paths) do kept[place] = true end
  for _, place in ipairs(record.files or {}) do
    if not kept[place] then
      host.file.remove(place)
      changed = true
    end
  end
  table.sort(paths)
  record.files = paths
  return changed
end

local function start(host, target, record)
  local words = words_of(target.command)
  local args = {}
  for i = 2, #words do args[#args + 1] = filled(words[i], record, host) end
  host.file.write(work_folder(record.id) .. "/.keep", "")
  record.process = host.process.start {
    key = record.id, command = words[1], args = args, folder = work_folder(record.id),
    log = work_folder(record.id) .. "/output.log", env = { PORT = record.port, TROUPE_RESOURCE = record.id },
  }
end

local function forget(host, id)
  host.file.remove(work_folder(id))
  host.file.remove(record_path(id))
end

-- The process of a resource, if it is alive. It is found by its key even where the answer to its start was lost, be it the first start
-- or one with new files.
local function process_of(host, record)
  if record.process and host.process.alive(record.process) then return record.process end
  return host.process.find(record.id)
end

-- Cut off between its stop and its start with new files: it has no process, and gets one when it is configured again.
local function is_restarting(host, target, record)
  return record.unfinished and target.reload == "restart" and host.now() - record.unfinished < 600
end

-- What was planned and not started holds no port: it is given one when it starts. What has ended holds its own until the next look.
local function holds_port(host, record) return record.process or host.process.find(record.id) end

-- Tells a process to leave, for the first time or because nobody knows whether it was told.
local function tell(host, record, process)
  host.process.signal(process, "TERM")
  record.told = true
  save(host, record)
end

-- Asks a process whether it is ready. Those that hang use up `patience`, and must not hide the others from sight: when it is used up, each is
-- taken for what it was.
local function is_ready(host, target, record, patience)
  if patience.left <= 0 then return record.ready_at ~= nil end
  local asked, timeout, ready = host.now(), math.min(1, patience.left), false
  if target.ready == "port" then
    ready = host.tcp.ready("127.0.0.1", record.port, timeout)
  else
    local answered, answer = pcall(host.http, { url = "http://127.0.0.1:" .. record.port .. target.ready, timeout = timeout })
    ready = answered and answer.status < 400
  end
  if not ready then patience.left = patience.left - (host.now() - asked) end
  if ready and not record.ready_at then
    record.ready_at = host.now()
    save(host, record)
  end
  return ready
end

local function describe(host, target, page)
  checked(target)
  local list, patience = {}, { left = page.next and 1 or 4 }
  local records, last = load_all(host, page.next, page_size)
  for _, record in ipairs(records) do
    local process = process_of(host, record)
    local restarting = not process and is_restarting(host, target, record)
    if process or restarting then
      if process and record.process ~= process then
        record.process = process
        save(host, record)
      end
      if process and record.leaves_by then
        if not record.told then tell(host, record, process) end
        if host.now() > record.leaves_by then host.process.signal(process, "KILL") end
      end
      list[#list + 1] = {
        id = record.id, key = record.key, managed = true, persona = record.persona, since = record.since,
        -- One whose configuration was cut off has none that anybody could ask for: it is configured again.
        configuration = record.unfinished and "unfinished" or record.configuration,
        state = record.leaves_by and "draining" or process and is_ready(host, target, record, patience) and "ready" or "starting",
        ready_at = record.ready_at,
        labels = { address = "127.0.0.1:" .. record.port, port = record.port },
      }
    elseif record.process then
      local log = host.file.tail(work_folder(record.id) .. "/output.log", 500) or ""
      host.log(record.id, "has ended;", log == "" and "it said nothing" or "its last words: " .. log)
      forget(host, record.id)
    elseif host.now() - record.since > 900 then
      forget(host, record.id) -- planned, never started, and nobody asked again
    end
  end
  return list, last
end

-- Each port is knocked at once, whoever has it.
local function free_port(host, low, high, taken)
  for port = low, high do
    if not taken[port] then
      taken[port] = true
      if not host.tcp.ready("127.0.0.1", port, 0.2) then return port end
    end
  end
end

local function provision(host, target, request)
  local _, low, high = checked(target)
  local taken = {}
  for _, record in ipairs(load_all(host)) do
    if holds_port(host, record) then taken[record.port] = true end
  end
  local ids, reason = {}, nil
  local stem = host.fleet .. "-" .. host.sha256(request.key):sub(1, 10)
  if request.count > most_starts then reason = "one call starts " .. most_starts .. "; the others are asked for again" end
  for i = 1, math.min(request.count, most_starts) do
    local id = stem .. "-" .. i
    local record = load(host, id) or { id = id, key = request.key, persona = request.persona, since = host.now() }
    -- One that was started under this key and has ended is not started again.
    local process = process_of(host, record) or record.process
    if not process then
      record.port = free_port(host, low, high, taken)
      if record.port then
        save(host, record)
        write_files(host, record, request.files)
        start(host, target, record)
        process = record.process
      else
        reason = "no port of " .. target.ports .. " is free; widen target.ports"
      end
    end
    if process then
      record.process = process
      save(host, record)
      ids[#ids + 1] = id
    end
  end
  return { ids = ids, refused = request.count - #ids, reason = reason }
end

local function retire(host, target, request)
  local ids = {}
  for _, id in ipairs(request.ids) do
    local record = load(host, id)
    local process = record and process_of(host, record)
    if process and (not record.leaves_by or record.leaves_for == request.key) then
      record.leaves_by = record.leaves_by or host.now() + target.drain
      record.leaves_for = request.key
      save(host, record)
      tell(host, record, process)
      ids[#ids + 1] = id
    elseif record and not process and is_restarting(host, target, record) then
      forget(host, id)
      ids[#ids + 1] = id
    end
  end
  return ids
end

-- Waits for a process to end, and ends it where it does not.
local function stop(host, process, patience)
  host.process.signal(process, "TERM")
  local waited = 0
  while host.process.alive(process) do
    if waited >= patience then host.process.signal(process, "KILL") end
    host.sleep(0.1)
    waited = waited + 0.1
  end
end

local function configure(host, target, request)
  checked(target)
  local record = load(host, request.resource)
  local process = record and process_of(host, record)
  if not record or record.leaves_by or not process and not is_restarting(host, target, record) then
    return nil, "there is no resource " .. request.resource .. "; it may just have been retired", "not_found"
  end
  if record.configured_for == request.key then return true end
  -- Where an earlier call was cut off, the files may be there and the process not know of them.
  local was_cut_off = record.unfinished
  record.unfinished = host.now()
  save(host, record)
  if write_files(host, record, request.files) or was_cut_off then
    save(host, record) -- which files there are, before anything can fail
    if target.reload == "restart" then
      if process then stop(host, process, math.min(target.drain, 20)) end
      start(host, target, record)
    elseif target.reload ~= "none" then
      host.process.signal(process, target.reload)
    end
  end
  record.unfinished = nil
  record.persona, record.configuration, record.configured_for = request.persona, request.configuration, request.key
  save(host, record)
  return true
end

local function precheck(host, target, plan)
  local _, low, high = checked(target)
  local wanted, free = 0, high - low + 1
  for _, group in ipairs(plan.start) do wanted = wanted + group.count end
  for _, record in ipairs(load_all(host)) do
    if holds_port(host, record) then free = free - 1 end
  end
  if wanted > free then return { wanted .. " processes need a port each, and " .. free .. " of " .. target.ports .. " are left" } end
end

return driver {
  name = "process",
  version = "1.0.0",
  api = 1,
  needs = {
    process = { "target.command" },
    files = { "state" },
    tcp = { "127.0.0.1:*" },
    http = { "GET http://127.0.0.1:*" },
  },
  config = {
    command = { type = "string", help = "what to run, with {port}, {folder} and {id} filled in" },
    ports = { type = "string", default = "20000-20999", help = "the ports that processes are given" },
    ready = { type = "string", default = "port", help = "\"port\", or a path that answers below 400 when the process is ready" },
    reload = { type = "string", default = "restart", help = "\"restart\", \"none\", or the signal that makes it read its files again" },
    drain = { type = "duration", default = "10s", help = "how long a process may take to end" },
  },
  can = { "retire_chosen", "configure", "mixed_personas", "precheck" },
  describe = describe,
  provision = provision,
  retire = retire,
  configure = configure,
  precheck = precheck,
}

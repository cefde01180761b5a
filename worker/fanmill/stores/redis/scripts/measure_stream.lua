#!lua flags=no-writes
-- Measures a stream and its consumer groups. No entry leaves the server: one may have megabytes.
-- KEYS: stream
-- Answers: time in ms, length, number of entries ever added, last id, oldest id (or false), then
-- for each group: its name, pending entries, unread entries (or false), oldest unread id (or false).
local stream = KEYS[1]
local answer = { now_ms(), 0, 0, '0-0', false }
if redis.call('EXISTS', stream) == 0 then return answer end

-- Returns a flat list of names and values as a table.
local function named(list)
  local facts = {}
  for i = 1, #list, 2 do facts[list[i]] = list[i + 1] end
  return facts
end

-- Returns the id of the first entry of a range, or false.
local function first_id(from)
  local found = redis.call('XRANGE', stream, from, '+', 'COUNT', 1)[1]
  return found and found[1] or false
end

local function is_later(id, than)
  return id ~= than and before(than, id)
end

-- Returns how many entries are unread by a group. The server gives no number where entries were
-- removed out of order; then it is an upper bound.
local function unread(group, facts)
  local lag = group['lag']
  if lag then return lag end
  if not is_later(facts['last-generated-id'], group['last-delivered-id']) then return 0 end
  local read = group['entries-read']
  local bound = facts['length']
  if read then bound = math.min(bound, facts['entries-added'] - read) end
  return math.max(0, bound)
end

local facts = named(redis.call('XINFO', 'STREAM', stream))
answer[2], answer[3] = facts['length'], facts['entries-added']
answer[4] = facts['last-generated-id']
answer[5] = first_id('-')
for _, list in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local group = named(list)
  answer[#answer + 1] = { group['name'], group['pending'], unread(group, facts),
    first_id('(' .. group['last-delivered-id']) }
end
return answer

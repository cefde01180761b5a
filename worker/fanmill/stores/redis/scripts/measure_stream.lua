#!lua flags=no-writes
-- Measures a stream and its consumer groups. No entry leaves the server: one may have megabytes.
-- KEYS: stream
-- Answers: time in ms, length, number of entries ever added, last id, oldest id (or false), then
-- for each group: its name, pending entries, unread entries (or false), oldest unread id (or false).
local stream = KEYS[1]
local answer = { now_ms(), 0, 0, '0-0', false }
if redis.call('EXISTS', stream) == 0 then return answer end

-- Returns the id of the first entry of a range, or false.
local function first_id(from)
  local found = redis.call('XRANGE', stream, from, '+', 'COUNT', 1)[1]
  return found and found[1] or false
end

local facts = named(redis.call('XINFO', 'STREAM', stream))
answer[2], answer[3] = facts['length'], facts['entries-added']
answer[4] = facts['last-generated-id']
answer[5] = first_id('-')
for _, list in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local group = named(list)
  answer[#answer + 1] = { group['name'], group['pending'], unread_by(group, facts),
    first_id('(' .. group['last-delivered-id']) }
end
return answer

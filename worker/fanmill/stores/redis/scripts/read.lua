#!lua
-- Reads unread entries, one after another, until there are enough of them or enough bytes.
-- KEYS: ledger, reading, controls
-- ARGV: group, consumer, maximum count, bytes after which to stop, largest event,
--       bytes to hand on of a larger one
-- Answers with an entry id, the event (or its beginning, or false) and its size for each; with
-- the last id that the ledger gave where nothing is unread; false while intake is paused.
local ledger, reading = KEYS[1], KEYS[2]
if redis.call('HEXISTS', KEYS[3], 'pause:intake') == 1 then return false end
local group, consumer, count, enough = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local limit, beginning = tonumber(ARGV[5]), tonumber(ARGV[6])
local entries, bytes = {}, 0
while #entries < count and bytes < enough do
  local answer = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'STREAMS', ledger, '>')
  if not answer then break end
  local entry = answer[1][2][1]
  local item = bounded(entry[1], entry[2], limit, beginning)
  -- The whole size, even where the beginning alone is handed on: the server copies all of it.
  bytes = bytes + item[3]
  entries[#entries + 1] = item
end
if #entries == 0 then
  local info = redis.call('XINFO', 'STREAM', ledger)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return info[i + 1] end
  end
end
redis.call('HINCRBY', reading, 'read', #entries)
return entries

#!lua
-- Reads unread entries, one after another, until there are enough of them or enough bytes. Entries
-- of the express list come first.
-- KEYS: ledger, reading, controls, express, overtaken
-- ARGV: group, consumer, maximum count, bytes after which to stop, largest event,
--       bytes to hand on of a larger one, consumer of admitted entries
-- Answers with an entry id, the event (or its beginning, or false) and its size for each; with
-- the last id that the ledger gave where nothing is unread; false while intake is paused.
local ledger, reading, express, overtaken = KEYS[1], KEYS[2], KEYS[4], KEYS[5]
if redis.call('HEXISTS', KEYS[3], 'pause:intake') == 1 then return false end
local group, consumer, count, enough = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local limit, beginning = tonumber(ARGV[5]), tonumber(ARGV[6])
local entries, bytes = {}, 0

local function hand_on(entry)
  local item = bounded(entry[1], entry[2], limit, beginning)
  -- The whole size, even where the beginning alone is handed on: the server copies all of it.
  bytes = bytes + item[3]
  entries[#entries + 1] = item
end

-- The group holds an entry of the express list at once, before its turn.
while #entries < count and bytes < enough do
  local id = redis.call('LPOP', express)
  if not id then break end
  if #redis.call('XPENDING', ledger, group, id, id, 1) == 0 then
    local held = redis.call('XCLAIM', ledger, group, consumer, 0, id, 'RETRYCOUNT', 1, 'FORCE')[1]
    if held and held[2] then
      redis.call('ZADD', overtaken, milliseconds_of(id), id)
      hand_on(held)
    end
  end
end

local last
local any_overtaken = redis.call('EXISTS', overtaken) == 1
while #entries < count and bytes < enough do
  local answer = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'STREAMS', ledger, '>')
  if not answer then
    if any_overtaken then redis.call('DEL', overtaken) end
    break
  end
  local entry = answer[1][2][1]
  last = entry[1]
  if any_overtaken and redis.call('ZREM', overtaken, last) == 1 then
    -- It is in work, or overdue some day, and must not be read twice.
    redis.call('XCLAIM', ledger, group, ARGV[7], 0, last, 'JUSTID')
  else
    hand_on(entry)
  end
end
if any_overtaken and last then
  redis.call('ZREMRANGEBYSCORE', overtaken, '-inf', '(' .. halves_of(last))
end
if #entries == 0 then
  local info = redis.call('XINFO', 'STREAM', ledger)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return info[i + 1] end
  end
end
redis.call('HINCRBY', reading, 'read', #entries)
return entries

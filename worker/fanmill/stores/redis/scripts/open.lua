#!lua
-- Makes the consumer group, and the stream with it, where it does not exist.
-- KEYS: ledger, reading; ARGV: group. Answers 1 when the group was made.
-- Reading begins anew with the group. Losses before it are carried over. If the
-- stream is new, entries that waited in the old one are lost, too.
local ledger, reading = KEYS[1], KEYS[2]
local made = redis.pcall('XGROUP', 'CREATE', ledger, ARGV[1], '0', 'MKSTREAM')
if made['err'] then
  if string.find(made['err'], 'BUSYGROUP', 1, true) then return 0 end
  return made
end
local added, length = added_and_length(ledger)
local seen = redis.call('HMGET', reading, 'added', 'unread', 'current')
-- A new stream counts its entries from zero.
if added < tonumber(seen[1] or '0') then redis.call('HSET', reading, 'received', 0) end
local lost = tonumber(seen[3] or '0')
if added < tonumber(seen[1] or '0') then lost = lost + tonumber(seen[2] or '0') end
redis.call('HINCRBY', reading, 'lost', string.format('%.0f', lost))
redis.call('HSET', reading, 'read', string.format('%.0f', added - length), 'added',
  string.format('%.0f', added), 'unread', string.format('%.0f', length), 'current', 0)
return 1

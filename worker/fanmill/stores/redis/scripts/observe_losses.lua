#!lua flags=allow-oom
-- Counts the entries that left the ledger unread: added, less those read, less those that wait.
-- Counts the entries that were added to the ledger since the last call, too.
-- KEYS: ledger, reading, counters, history; ARGV: group. Answers with the count of lost entries
-- since the namespace began.
-- Entries lost while in work are counted too until intake has rejected them.
local ledger, reading = KEYS[1], KEYS[2]
local pending = redis.call('XPENDING', ledger, ARGV[1])[1]
local added, length = added_and_length(ledger)
local known = redis.call('HMGET', reading, 'read', 'lost', 'received')
local unread = math.max(0, length - pending)
local current = math.max(0, added - tonumber(known[1] or '0') - unread)
redis.call('HSET', reading, 'added', string.format('%.0f', added), 'unread',
  string.format('%.0f', unread), 'current', string.format('%.0f', current))
local received = added - tonumber(known[3] or '0')
if received > 0 then
  write_counts(KEYS[3], KEYS[4], now_ms(), { received = received })
  redis.call('HSET', reading, 'received', string.format('%.0f', added))
end
return tonumber(known[2] or '0') + current

#!lua flags=allow-oom
-- Counts the entries that left the ledger unread: added, less those read, less those that wait.
-- KEYS: ledger, reading; ARGV: group. Answers with the count since the namespace began.
-- Entries lost while in work are counted too until intake has rejected them.
local ledger, reading = KEYS[1], KEYS[2]
local pending = redis.call('XPENDING', ledger, ARGV[1])[1]
local added, length = added_and_length(ledger)
local known = redis.call('HMGET', reading, 'read', 'lost')
local unread = math.max(0, length - pending)
local current = math.max(0, added - tonumber(known[1] or '0') - unread)
redis.call('HSET', reading, 'added', string.format('%.0f', added), 'unread',
  string.format('%.0f', unread), 'current', string.format('%.0f', current))
return tonumber(known[2] or '0') + current

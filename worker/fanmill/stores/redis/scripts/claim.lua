#!lua
-- Claims one entry that was released or has been idle for long enough. A full server refuses,
-- so that an entry that cannot be admitted for want of memory uses up none of its deliveries.
-- KEYS: ledger, released, the work of the entry
-- ARGV: group, consumer, entry id, idle time in ms
-- Answers as XCLAIM: the entry, or nothing.
local idle = ARGV[4]
if redis.call('SREM', KEYS[2], ARGV[3]) == 1 then
  redis.call('HDEL', KEYS[3], 'released:deduplicate', 'released:summarize', 'released:tag')
  idle = 0
end
return redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], idle, ARGV[3])

#!lua
-- Claims one entry that was released or has been idle for long enough. A full server refuses,
-- so that an entry that cannot be admitted for want of memory uses up none of its deliveries.
-- KEYS: ledger, released, counters, history, the work of the entry
-- ARGV: group, consumer, entry id, idle time in ms, largest event, bytes to hand on of a larger one
-- Answers with the entry as read.lua does, or false.
local ledger, released, counters, history, work = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer, entry, idle = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if redis.call('HEXISTS', work, 'lost') == 1 then return false end
local pending = redis.call('XPENDING', ledger, group, entry, entry, 1)[1]
if not pending then return false end
if redis.call('SREM', released, entry) == 1 then
  redis.call('HDEL', work, 'released:deduplicate', 'released:summarize', 'released:tag')
elseif pending[3] < idle then
  return false
end
local held = redis.call('XCLAIM', ledger, group, consumer, 0, entry)[1]
if held and held[2] then
  write_counts(counters, history, now_ms(), { redelivered = 1 })
  return bounded(entry, held[2], tonumber(ARGV[5]), tonumber(ARGV[6]))
end
mark_lost(work, released, entry)
return false

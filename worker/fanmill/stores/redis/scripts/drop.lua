#!lua flags=allow-oom
-- Removes a rejection for good.
-- KEYS: rejected, failed, counters, history, groups
-- ARGV: rejected id
-- Answers 1, or 0 when there is no such rejection.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not found then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 0
end
remove_rejection(KEYS[1], KEYS[2], KEYS[5], found[2], ARGV[1])
write_counts(KEYS[3], KEYS[4], now_ms(), { dropped = 1 })
return 1

#!lua flags=allow-oom
-- Removes a rejection for good.
-- KEYS: rejected, failed, counters, history
-- ARGV: rejected id
-- Answers 1, or 0 when there is no such rejection.
local removed = redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if removed == 1 then write_counts(KEYS[3], KEYS[4], now_ms(), { dropped = 1 }) end
return removed

#!lua flags=allow-oom
-- Counts the rejections by stages, without those that others have trimmed away.
-- KEYS: rejected, failed
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if not oldest then
  redis.call('DEL', KEYS[2])
  return 0
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. halves_of(oldest[1]))
return redis.call('ZCARD', KEYS[2])

#!lua flags=allow-oom
-- Creates an action, frozen to the rejections of now. The oldest of many ended ones are forgotten.
-- KEYS: action, actions, running actions, rejected
-- ARGV: action id, order (JSON), number of rejections named one by one (0: by a filter),
--       rate per second (0: no limit), maximum number of actions, retention in ms
-- Answers 1, or 0 when there is an action of this id.
local action, actions, running, rejected = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('EXISTS', action) == 1 then return 0 end
local now = now_ms()
local named = tonumber(ARGV[3])
local newest = redis.call('XREVRANGE', rejected, '+', '-', 'COUNT', 1)[1]
local total = named > 0 and named or redis.call('XLEN', rejected)
redis.call('HSET', action, 'order', ARGV[2], 'state', 'running', 'rate', ARGV[4],
  'created', string.format('%.0f', now), 'until', newest and newest[1] or '0-0',
  'total', total, 'examined', 0, 'cursor', '0-0', 'owner', '', 'lease', 0, 'due', 0)
redis.call('SADD', running, ARGV[1])
redis.call('ZADD', actions, now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', actions, '-inf', string.format('%.0f', now - 2 * tonumber(ARGV[6])))
local excess = redis.call('ZCARD', actions) - tonumber(ARGV[5])
if excess > 0 then
  for _, id in ipairs(redis.call('ZRANGE', actions, 0, excess + 10)) do
    if excess > 0 and redis.call('SISMEMBER', running, id) == 0 then
      redis.call('DEL', actions .. ':' .. id)
      redis.call('ZREM', actions, id)
      excess = excess - 1
    end
  end
end
return 1

#!lua flags=allow-oom
-- Creates an action. The oldest of many ended ones are forgotten.
-- KEYS: action, actions, running actions, selected documents (or a key that never exists)
-- ARGV: action id, order (JSON), last rejection that it concerns, number of rejections to look at,
--       rate per second (0: no limit), maximum number of actions, retention in ms,
--       kind
-- Answers 1, or 0 when there is an action of this id.
local action, actions, running = KEYS[1], KEYS[2], KEYS[3]
if redis.call('EXISTS', action) == 1 then return 0 end
local now = now_ms()
redis.call('HSET', action, 'order', ARGV[2], 'state', 'running', 'rate', ARGV[5],
  'kind', ARGV[8],
  'created', string.format('%.0f', now), 'until', ARGV[3], 'total', ARGV[4], 'examined', 0,
  'cursor', '0-0', 'owner', '', 'lease', 0, 'due', 0)
redis.call('SADD', running, ARGV[1])
redis.call('PERSIST', KEYS[4])
redis.call('ZADD', actions, now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', actions, '-inf', string.format('%.0f', now - 2 * tonumber(ARGV[7])))
local excess = redis.call('ZCARD', actions) - tonumber(ARGV[6])
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

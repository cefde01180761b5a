#!lua flags=allow-oom
-- Aborts an action: no further slice of it is performed.
-- KEYS: action, running actions; ARGV: action id, retention in ms
-- Answers 1, or 0 when it does not run.
local seen = redis.call('HMGET', KEYS[1], 'state', 'kind')
if seen[1] ~= 'running' then return 0 end
-- Documents that were taken must leave the streams, too: their erasure ends before the action.
if seen[2] == 'forget' then
  redis.call('HSET', KEYS[1], 'aborting', 1)
  return 1
end
redis.call('HSET', KEYS[1], 'state', 'aborted', 'finished', string.format('%.0f', now_ms()))
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1

#!lua flags=allow-oom
-- Aborts an action: no further slice of it is performed.
-- KEYS: action, running actions; ARGV: action id, retention in ms
-- Answers 1, or 0 when it does not run.
if redis.call('HGET', KEYS[1], 'state') ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'aborted', 'finished', string.format('%.0f', now_ms()))
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1

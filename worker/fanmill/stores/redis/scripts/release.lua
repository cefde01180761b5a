#!lua flags=allow-oom
-- Gives entries back: their attempt at a stage has ended.
-- KEYS: released, then the work of each entry
-- ARGV: stage, cause, then the entry ids
local stage, cause = ARGV[1], ARGV[2]
for i = 1, #KEYS - 1 do
  local work = KEYS[i + 1]
  if redis.call('EXISTS', work) == 1 and redis.call('HEXISTS', work, stage) == 0 then
    redis.call('HSET', work, 'cause:' .. stage, cause, 'released:' .. stage, 1)
    redis.call('SADD', KEYS[1], ARGV[i + 2])
  end
end
return redis.status_reply('OK')

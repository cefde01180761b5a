#!lua flags=allow-oom
-- Uncounts the last attempt at a stage.
-- KEYS: the work of each entry; ARGV: stage
local name = 'attempts:' .. ARGV[1]
for i = 1, #KEYS do
  if tonumber(redis.call('HGET', KEYS[i], name) or '0') > 0 then
    redis.call('HINCRBY', KEYS[i], name, -1)
  end
end
return redis.status_reply('OK')

#!lua flags=allow-oom
-- Gives entries back: their attempt at a stage has ended.
-- KEYS: released, then the work of each entry
-- ARGV: stage, cause, then the entry ids
-- Returns the number of entries given back.
local stage, cause = ARGV[1], ARGV[2]
local given_back = 0
for i = 1, #KEYS - 1 do
  local work = KEYS[i + 1]
  -- A later stage begins behind `deduplicate`; before, there is nothing to give back.
  local ready = stage == 'deduplicate' or redis.call('HEXISTS', work, 'deduplicate') == 1
  if ready and redis.call('EXISTS', work) == 1 and redis.call('HEXISTS', work, stage) == 0 then
    redis.call('HSET', work, 'cause:' .. stage, cause, 'released:' .. stage, 1)
    redis.call('SADD', KEYS[1], ARGV[i + 2])
    given_back = given_back + 1
  end
end
return given_back

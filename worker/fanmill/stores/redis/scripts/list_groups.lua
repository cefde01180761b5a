#!lua flags=no-writes
-- Lists the failure groups, the latest first, each with the fields of its hash.
-- KEYS: groups
local answers = {}
for _, group in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  answers[#answers + 1] = { group, redis.call('HGETALL', KEYS[1] .. ':' .. group) }
end
return answers

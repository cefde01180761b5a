#!lua flags=no-writes
-- Answers with the number of rejections less the open ones of all failure groups.
-- KEYS: rejected, groups
local open = 0
for _, group in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  open = open + tonumber(redis.call('HGET', KEYS[2] .. ':' .. group, 'open') or '0')
end
return redis.call('XLEN', KEYS[1]) - open

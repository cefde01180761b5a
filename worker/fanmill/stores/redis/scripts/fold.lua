#!lua
-- Replaces aggregates by those that hold the oldest data points too, and removes those.
-- KEYS: data points, version, then the days, each a hash of groups
-- ARGV: expected version, number of data points, retention in seconds,
--       then for each group: number of its day among the keys (from 1), field, aggregate
-- Answers 1, or 0 when another process was faster; then nothing has changed.
local data_points, version = KEYS[1], KEYS[2]
if (redis.call('GET', version) or '0') ~= ARGV[1] then return 0 end
for i = 4, #ARGV, 3 do
  redis.call('HSET', KEYS[2 + tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2])
end
for i = 3, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[3]) end
redis.call('LTRIM', data_points, ARGV[2], -1)
redis.call('INCR', version)
return 1

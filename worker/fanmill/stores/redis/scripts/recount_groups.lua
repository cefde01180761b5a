#!lua
-- Sets the open rejections of all failure groups to what was counted, if nothing was removed since.
-- KEYS: rejected, groups
-- ARGV: last id that was counted, most entries to count behind it, then pairs of group and number
-- Answers with the number of groups that were corrected; -1 when the stream has changed too much.
local rejected, groups = KEYS[1], KEYS[2]
local counts = count_by_group(rejected, '(' .. ARGV[1], tonumber(ARGV[2]))
for i = 3, #ARGV, 2 do counts[ARGV[i]] = (counts[ARGV[i]] or 0) + tonumber(ARGV[i + 1]) end
local total = 0
for _, number in pairs(counts) do total = total + number end
-- Entries may only have left since they were counted: an equal number is the same entries.
if total ~= redis.call('XLEN', rejected) then return -1 end
local corrected = 0
for _, group in ipairs(redis.call('ZRANGE', groups, 0, -1)) do
  local key, open = groups .. ':' .. group, counts[group] or 0
  if tonumber(redis.call('HGET', key, 'open') or '0') ~= open then
    redis.call('HSET', key, 'open', open)
    corrected = corrected + 1
    local sample = redis.call('HGET', key, 'sample')
    if sample and not redis.call('XRANGE', rejected, sample, sample)[1] then
      redis.call('HDEL', key, 'sample')
    end
    if group ~= 'others' and open == 0 then
      local last = redis.call('HGET', key, 'last')
      redis.call('ZADD', groups .. ':closed', milliseconds_of(last), group)
    else
      redis.call('ZREM', groups .. ':closed', group)
    end
  end
end
return corrected

-- Counts of failure groups.

-- Forgets the failure group whose last rejection came first, of those without open ones, so that a
-- new group finds room. Its counts go to the group of all others. Returns whether there was one.
local function forget_group(groups)
  local group = redis.call('ZPOPMIN', groups .. ':closed')[1]
  if not group then return false end
  local key, others = groups .. ':' .. group, groups .. ':others'
  local seen = redis.call('HMGET', key, 'ever', 'first', 'last')
  redis.call('HINCRBY', others, 'ever', seen[1])
  redis.call('HSETNX', others, 'open', 0)
  redis.call('HSETNX', others, 'first', seen[2])
  redis.call('HSETNX', others, 'last', seen[3])
  redis.call('ZADD', groups, milliseconds_of(redis.call('HGET', others, 'last')), 'others')
  redis.call('DEL', key)
  redis.call('ZREM', groups, group)
  return true
end

-- Returns the group that counts a rejection: its own, or `others` when 1,000 groups have open
-- rejections.
local function group_for(groups, group)
  if redis.call('ZSCORE', groups, group) or redis.call('ZCARD', groups) < 1000
      or forget_group(groups) then
    return group
  end
  return 'others'
end

-- Counts a rejection in a failure group; facts describe a new group.
local function count_in_group(groups, group, facts, id)
  local key, ms = groups .. ':' .. group, milliseconds_of(id)
  local hour = string.format('%.0f', math.floor(ms / 3600000))
  local slot = string.format('%.0f', hour % 24)
  redis.call('ZADD', groups, ms, group)
  redis.call('ZREM', groups .. ':closed', group)
  if group ~= 'others' then redis.call('HSETNX', key, 'facts', facts) end
  redis.call('HSETNX', key, 'first', id)
  redis.call('HSET', key, 'last', id, 'sample', id)
  redis.call('HINCRBY', key, 'ever', 1)
  redis.call('HINCRBY', key, 'open', 1)
  if redis.call('HGET', key, 'hour:' .. slot) ~= hour then
    redis.call('HSET', key, 'hour:' .. slot, hour, 'count:' .. slot, 0)
  end
  redis.call('HINCRBY', key, 'count:' .. slot, 1)
end

-- Takes a rejection, given its fields, out of the open ones of its failure group.
local function leave_group(groups, fields, id)
  for i = 1, #fields, 2 do
    if fields[i] == 'group' then
      local key = groups .. ':' .. fields[i + 1]
      if redis.call('HEXISTS', key, 'open') == 1 then
        local open = redis.call('HINCRBY', key, 'open', -1)
        if open <= 0 and fields[i + 1] ~= 'others' then
          local last = redis.call('HGET', key, 'last')
          redis.call('ZADD', groups .. ':closed', milliseconds_of(last), fields[i + 1])
        end
        if redis.call('HGET', key, 'sample') == id then redis.call('HDEL', key, 'sample') end
      end
      return
    end
  end
end

-- Counts rejections by their group from an id on, up to a number of them; returns the counts and
-- the last id, empty when there was none.
local function count_by_group(rejected, from, count)
  local counts, last = {}, ''
  for _ = 1, count do
    -- Entry by entry: an original may have megabytes.
    local found = redis.call('XRANGE', rejected, from, '+', 'COUNT', 1)[1]
    if not found then break end
    last, from = found[1], '(' .. found[1]
    local group = ''
    for j = 1, #found[2], 2 do
      if found[2][j] == 'group' then group = found[2][j + 1] end
    end
    counts[group] = (counts[group] or 0) + 1
  end
  return counts, last
end

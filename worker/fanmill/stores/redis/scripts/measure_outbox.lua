#!lua flags=no-writes
-- Measures the outbox. No entry leaves the server.
-- KEYS: sinks, unreadable, then the streams: processed, rejected, late
-- Answers: time in ms, number of unreadable outcomes, then for each registered sink: name, its
-- facts as JSON, outcomes that it holds, unread ones, id of the oldest one that
-- is not stored (or false), whether its groups exist (0 or 1).
local streams = { KEYS[3], KEYS[4], KEYS[5] }
local answer = { now_ms(), redis.call('XLEN', KEYS[2]) }
local groups, facts = {}, {}
for i = 1, #streams do
  groups[i] = groups_by_name(streams[i])
  facts[i] = next(groups[i]) and named(redis.call('XINFO', 'STREAM', streams[i]))
end

-- Returns the id of the first outcome of a sink that is not stored, or false.
local function oldest_of(number, group)
  if group['pending'] > 0 then
    return redis.call('XPENDING', streams[number], group['name'])[2]
  end
  local found = redis.call('XRANGE', streams[number], '(' .. group['last-delivered-id'], '+',
    'COUNT', 1)[1]
  return found and found[1] or false
end

local registered = redis.call('HGETALL', KEYS[1])
for i = 1, #registered, 2 do
  local name = registered[i]
  local pending, unread, oldest, complete = 0, 0, false, 1
  for number = 1, #streams do
    local group = groups[number][sink_group(name)]
    if group then
      pending = pending + group['pending']
      unread = unread + unread_by(group, facts[number])
      local own = oldest_of(number, group)
      if own and (not oldest or before(own, oldest)) then oldest = own end
    else
      complete = 0
    end
  end
  answer[#answer + 1] = { name, registered[i + 1], pending, unread, oldest, complete }
end
return answer

-- The frame of a slice of a bulk action.

-- Returns whether a slice may be performed: its action runs, belongs to the process, and its
-- cursor is where the slice begins.
local function may_perform(action, owner, cursor)
  local seen = redis.call('HMGET', action, 'state', 'owner', 'cursor')
  return seen[1] == 'running' and seen[2] == owner and seen[3] == cursor
end

-- Moves the cursor of an action and counts outcomes. The last slice ends the action.
local function end_slice(action, running, slice, outcomes, done)
  local now = now_ms()
  redis.call('HSET', action, 'cursor', slice.cursor,
    'lease', string.format('%.0f', now + slice.lease_ms))
  redis.call('HINCRBY', action, 'examined', slice.examined)
  for outcome, number in pairs(outcomes) do
    if number > 0 then redis.call('HINCRBY', action, 'outcome:' .. outcome, number) end
  end
  local rate = tonumber(redis.call('HGET', action, 'rate') or '0')
  if rate > 0 and done > 0 then
    local from = math.max(now, tonumber(redis.call('HGET', action, 'due') or '0'))
    redis.call('HSET', action, 'due', string.format('%.0f', from + done * 1000 / rate))
  end
  if slice.last then
    redis.call('HSET', action, 'state', 'done', 'finished', string.format('%.0f', now))
    redis.call('SREM', running, slice.action)
    redis.call('PEXPIRE', action, slice.retention_ms)
  end
end

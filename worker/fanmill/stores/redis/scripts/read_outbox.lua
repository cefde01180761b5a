#!lua flags=allow-oom
-- Reads outcomes for a sink until there are enough of them or enough bytes; the few rejections
-- come before the completed documents. A full server must let a sink read: it makes room.
-- KEYS: outbox, controls, counters, history, then the streams: processed, rejected, late
-- ARGV: sink, consumer, maximum count, bytes after which to stop
-- Answers: outcomes as in `outcome_of`, then the last id of each stream where nothing is unread;
-- false while sinks are paused.
local outbox, name, consumer = KEYS[1], ARGV[1], ARGV[2]
local streams = { KEYS[5], KEYS[6], KEYS[7] }
if redis.call('HEXISTS', KEYS[2], 'pause:sink') == 1 then return false end
local left, left_bytes = tonumber(ARGV[3]), tonumber(ARGV[4])
local outcomes, lasts, counts = {}, {}, {}

-- Reads from a stream, a few entries at once; returns whether nothing more is unread.
local function read(number, at_once)
  local found = 0
  local drained = false
  while left > 0 and left_bytes > 0 and not drained do
    local wanted = math.min(left, at_once)
    local answer = redis.call('XREADGROUP', 'GROUP', sink_group(name), consumer, 'COUNT', wanted,
      'STREAMS', streams[number], '>')
    local entries = answer and answer[1][2] or {}
    for i = 1, #entries do
      local outcome = outcome_of(number, entries[i])
      outcomes[#outcomes + 1] = outcome
      left_bytes = left_bytes - #(outcome[3] or '')
    end
    found = found + #entries
    left = left - #entries
    drained = #entries < wanted
  end
  if found > 0 then
    redis.call('HINCRBY', outbox, 'accounted:' .. number .. ':' .. name, found)
  end
  return drained
end

for _, number in ipairs({ 3, 2, 1 }) do
  -- An original of a rejection may have megabytes, a record a few kB.
  if read(number, number == 2 and 1 or 16) then
    local facts = named(redis.call('XINFO', 'STREAM', streams[number]))
    count_lost(outbox, number, name, facts['entries-added'], counts)
    lasts[number] = facts['last-generated-id']
  end
end
write_counts(KEYS[3], KEYS[4], now_ms(), counts)
return { outcomes, { lasts[1] or '', lasts[2] or '', lasts[3] or '' } }

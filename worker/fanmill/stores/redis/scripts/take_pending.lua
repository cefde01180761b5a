#!lua flags=allow-oom
-- Takes outcomes that were delivered and not acknowledged: its own, whose delivery was not
-- answered, or those of sinks that are silent.
-- KEYS: stream, counters, history
-- ARGV: number of the stream, sink, consumer, silence in ms (0: its own), maximum count,
--       bytes after which to stop
-- Answers with outcomes as in `outcome_of`.
local stream, number, name, consumer = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3]
local silence, count, left_bytes = tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
local group = sink_group(name)
local pending
if silence > 0 then
  pending = redis.call('XPENDING', stream, group, 'IDLE', silence, '-', '+', count)
else
  pending = redis.call('XPENDING', stream, group, '-', '+', count, consumer)
end
local outcomes, lost = {}, 0
for i = 1, #pending do
  local id = pending[i][1]
  if left_bytes <= 0 then break end
  local found = redis.call('XRANGE', stream, id, id)[1]
  if not found then
    redis.call('XACK', stream, group, id)
    lost = lost + 1
  elseif silence == 0
      or #redis.call('XCLAIM', stream, group, consumer, silence, id, 'JUSTID') > 0 then
    outcomes[#outcomes + 1] = outcome_of(number, found)
    left_bytes = left_bytes - #(outcomes[#outcomes][3] or '')
  end
end
write_counts(KEYS[2], KEYS[3], now_ms(), lost > 0 and { ['sink-lost:' .. name] = lost } or {})
return outcomes

#!lua flags=allow-oom
-- Acknowledges outcomes that a store has committed, sets others aside, and trims what all
-- registered sinks have stored.
-- KEYS: sinks, outbox, unreadable, counters, history, then the streams: processed, rejected, late
-- ARGV: sink, length of the processed stream (0: no limit), number of stored outcomes, then for
--       each of them: number of its stream, id; then for each one to set aside: number of its
--       stream, id, error
-- Answers with the number of outcomes that were pending.
local sinks, outbox, unreadable, name = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local streams = { KEYS[6], KEYS[7], KEYS[8] }
local group = sink_group(name)
local kept, stored = tonumber(ARGV[2]), tonumber(ARGV[3])
local acked, refused = 0, 0

for i = 1, stored do
  acked = acked + redis.call('XACK', streams[tonumber(ARGV[i * 2 + 2])], group, ARGV[i * 2 + 3])
end
for i = 4 + stored * 2, #ARGV, 3 do
  local number, id, problem = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  local stream = streams[number]
  -- A repeated call sets nothing aside twice.
  if redis.call('XACK', stream, group, id) == 1 then
    local found = redis.call('XRANGE', stream, id, id)[1]
    local outcome = found and outcome_of(number, found) or { number, id, false, '' }
    redis.call('XADD', unreadable, '*', 'sink', name, 'stream', number, 'id', id, 'error', problem,
      'rejected', outcome[4], 'event', outcome[3] or '')
    refused = refused + 1
  end
end

local bounds = note_stored(sinks, outbox, streams)
if bounds[1] and kept > 0 then
  local over = redis.call('XLEN', streams[1]) - kept
  -- Never more than is over the length, never an entry that is not stored by all sinks.
  if over > 0 then redis.call('XTRIM', streams[1], 'MINID', '~', bounds[1], 'LIMIT', over) end
end
if bounds[3] and redis.call('XLEN', streams[3]) > 0 then
  redis.call('XTRIM', streams[3], 'MINID', bounds[3])
  -- The last one, too: an erasure names documents that nothing may name any more.
  if is_stored(streams[3], redis.call('HKEYS', sinks), bounds[3]) then
    redis.call('XDEL', streams[3], bounds[3])
  end
end
local counts = {}
if acked > 0 then counts['sink-stored:' .. name] = acked end
if refused > 0 then counts['sink-unreadable:' .. name] = refused end
write_counts(KEYS[4], KEYS[5], now_ms(), counts)
return acked + refused

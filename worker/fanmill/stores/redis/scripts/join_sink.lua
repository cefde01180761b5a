#!lua flags=allow-oom
-- Registers a sink, and makes its consumer groups where they do not exist.
-- KEYS: sinks, outbox, counters, history, then the streams: processed, rejected, late
-- ARGV: name, store
-- Answers: 1 if the sink was not registered before, number of groups that were made, number of
-- entries of all streams that were removed before it was registered, number of entries that were
-- removed before it read them since then.
local sinks, outbox, name = KEYS[1], KEYS[2], ARGV[1]
local streams = { KEYS[5], KEYS[6], KEYS[7] }
local now = now_ms()
local known = redis.call('HGET', sinks, name)
local facts = known and cjson.decode(known) or { since_ms = now }
facts.store, facts.seen_ms = ARGV[2], now
redis.call('HSET', sinks, name, cjson.encode(facts))

local made, missed, counts = 0, 0, {}
for i = 1, #streams do
  local answer = redis.pcall('XGROUP', 'CREATE', streams[i], sink_group(name), '0', 'MKSTREAM')
  if not answer['err'] then
    made = made + 1
    local added, length = added_and_length(streams[i])
    local field = i .. ':' .. name
    local seen = redis.call('HMGET', outbox, 'accounted:' .. field, 'added:' .. field)
    if not known then
      missed = missed + added - length
    elseif seen[2] and added < tonumber(seen[2]) then
      -- The stream is another one: all that was unread in the old one is lost.
      add(counts, 'sink-lost:' .. name, math.max(0, tonumber(seen[2]) - tonumber(seen[1])))
    end
    redis.call('HSET', outbox, 'accounted:' .. field, string.format('%.0f', added - length),
      'added:' .. field, string.format('%.0f', added))
  elseif not string.find(answer['err'], 'BUSYGROUP', 1, true) then
    return answer
  end
end
if made > 0 or not known then note_stored(sinks, outbox, streams) end
write_counts(KEYS[3], KEYS[4], now, counts)
local lost = redis.call('HGET', KEYS[3], 'sink-lost:' .. name)
return { known and 0 or 1, made, missed, tonumber(lost or '0') }

#!lua flags=allow-oom
-- Removes a sink with its consumer groups: nothing waits for it any more.
-- KEYS: sinks, outbox, then the streams: processed, rejected, late
-- ARGV: name
-- Answers 1, or 0 when there is no such sink.
local sinks, outbox, name = KEYS[1], KEYS[2], ARGV[1]
local streams = { KEYS[3], KEYS[4], KEYS[5] }
local removed = redis.call('HDEL', sinks, name)
for i = 1, #streams do
  if redis.call('EXISTS', streams[i]) == 1 then
    redis.call('XGROUP', 'DESTROY', streams[i], sink_group(name))
  end
  redis.call('HDEL', outbox, 'accounted:' .. i .. ':' .. name, 'added:' .. i .. ':' .. name)
end
note_stored(sinks, outbox, streams)
if redis.call('EXISTS', sinks) == 0 then redis.call('DEL', streams[3]) end
return removed

#!lua flags=allow-oom
-- Removes entries of a stream of the outbox without a trace; sinks count none of them as lost.
-- KEYS: stream, failed, groups, sinks, outbox, counters, history
-- ARGV: number of the stream in the outbox (0: another stream), then the entry ids
-- Answers with the number of entries that were there.
local stream, failed, groups, sinks, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local number = ARGV[1]
local removed = 0
local consumers = number ~= '0' and groups_by_name(stream) or {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local found = redis.call('XRANGE', stream, id, id)[1]
  if found then
    for _, name in ipairs(redis.call('HKEYS', sinks)) do
      local group = consumers[sink_group(name)]
      if group and is_later(id, group['last-delivered-id']) then
        redis.call('HINCRBY', outbox, 'accounted:' .. number .. ':' .. name, 1)
      elseif group then
        redis.call('XACK', stream, sink_group(name), id)
      end
    end
    if number == '2' then
      redis.call('ZREM', failed, id)
      leave_group(groups, found[2], id)
    end
    redis.call('XDEL', stream, id)
    removed = removed + 1
  end
end
if number == '2' and removed > 0 then
  write_counts(KEYS[6], KEYS[7], now_ms(), { dropped = removed })
end
return removed

-- Outcomes on their way to the stores of record, and the consumer groups of their sinks.

-- Returns a flat list of names and values as a table.
local function named(list)
  local facts = {}
  for i = 1, #list, 2 do facts[list[i]] = list[i + 1] end
  return facts
end

local function is_later(id, than)
  return id ~= than and before(than, id)
end

-- Returns how many entries are unread by a group, given its facts and those of the stream. The
-- server gives no number where entries were removed out of order; then it is an upper bound.
local function unread_by(group, facts)
  local lag = group['lag']
  if lag then return lag end
  if not is_later(facts['last-generated-id'], group['last-delivered-id']) then return 0 end
  local read = group['entries-read']
  local bound = facts['length']
  if read then bound = math.min(bound, facts['entries-added'] - read) end
  return math.max(0, bound)
end

-- Returns the facts on the consumer groups of a stream by their name; none for no stream.
local function groups_by_name(stream)
  local found = {}
  if redis.call('EXISTS', stream) == 0 then return found end
  for _, list in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local facts = named(list)
    found[facts['name']] = facts
  end
  return found
end

-- Returns the consumer group of a sink.
local function sink_group(name)
  return 'sink:' .. name
end

-- Returns the id before which all registered sinks have stored the entries of a stream.
local function stored_before(stream, names)
  local groups, bound = groups_by_name(stream), nil
  for i = 1, #names do
    local group = groups[sink_group(names[i])]
    local own = '0-0'
    if group then
      own = group['last-delivered-id']
      if group['pending'] > 0 then
        own = redis.call('XPENDING', stream, sink_group(names[i]))[2]
      end
    end
    if not bound or before(own, bound) then bound = own end
  end
  return bound or '0-0'
end

-- Returns whether all registered sinks have read and acknowledged an entry of a stream.
local function is_stored(stream, names, id)
  local groups = groups_by_name(stream)
  for i = 1, #names do
    local group = groups[sink_group(names[i])]
    if not group or is_later(id, group['last-delivered-id'])
        or #redis.call('XPENDING', stream, sink_group(names[i]), id, id, 1) > 0 then
      return false
    end
  end
  return true
end

-- Notes for each stream of the outbox what all registered sinks have stored; returns the ids.
-- Without a sink nothing is noted, and other scripts trim as if there were no outbox.
local function note_stored(sinks, outbox, streams)
  local names = redis.call('HKEYS', sinks)
  local bounds = {}
  for i = 1, #streams do
    if #names == 0 then
      redis.call('HDEL', outbox, 'stored:' .. i)
    else
      bounds[i] = stored_before(streams[i], names)
      redis.call('HSET', outbox, 'stored:' .. i, bounds[i])
    end
  end
  return bounds
end

-- Counts the entries that left a stream before a sink read them, at a moment at which nothing is
-- unread: all that were added and that neither it nor another script has accounted for.
local function count_lost(outbox, number, name, added, counts)
  local field = number .. ':' .. name
  local known = redis.call('HMGET', outbox, 'accounted:' .. field, 'added:' .. field)
  local accounted, before_now = tonumber(known[1] or '0'), tonumber(known[2] or '0')
  if added > accounted then
    add(counts, 'sink-lost:' .. name, added - accounted)
    redis.call('HSET', outbox, 'accounted:' .. field, string.format('%.0f', added))
  end
  if added ~= before_now then
    redis.call('HSET', outbox, 'added:' .. field, string.format('%.0f', added))
  end
end

-- Returns an entry of the outbox for a sink: number of its stream, id, event (or false), id of the
-- rejection (empty for a completed document). The originals of rejections stay on the server.
local function outcome_of(number, entry)
  local fields = named(entry[2])
  local rejected = ''
  if number == 2 then rejected = entry[1] end
  if number == 3 then rejected = fields['rejected'] or '' end
  return { number, entry[1], fields['event'] or false, rejected }
end

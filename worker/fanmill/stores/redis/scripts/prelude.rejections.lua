-- Ends of a rejection.

-- Returns the names and values of the original entry, out of the fields of a rejection.
local function original_of(fields)
  local original = {}
  for i = 1, #fields, 2 do
    local name = string.match(fields[i], '^original:(.*)$')
    if name then
      original[#original + 1] = name
      original[#original + 1] = fields[i + 1]
    end
  end
  return original
end

-- Keeps the event of a rejection that is about to be removed where sinks still find it, unless all
-- of them have stored it.
local function keep_for_sinks(rejected, groups, fields, id)
  local namespace = string.gsub(groups, ':groups$', '')
  local outbox, sinks = namespace .. ':outbox', namespace .. ':sinks'
  local stored = redis.call('HGET', outbox, 'stored:2')
  if not stored or before(id, stored) then return end
  redis.call('XADD', namespace .. ':outbox:late', '*', 'rejected', id, 'event', fields[2])
  local found = groups_by_name(rejected)
  for _, name in ipairs(redis.call('HKEYS', sinks)) do
    local group = found[sink_group(name)]
    if group and is_later(id, group['last-delivered-id']) then
      redis.call('HINCRBY', outbox, 'accounted:2:' .. name, 1)
    elseif group then
      redis.call('XACK', rejected, sink_group(name), id)
    end
  end
end

-- Removes a rejection, given its fields.
local function remove_rejection(rejected, failed, groups, fields, id)
  keep_for_sinks(rejected, groups, fields, id)
  redis.call('ZREM', failed, id)
  redis.call('XDEL', rejected, id)
  leave_group(groups, fields, id)
end

-- Remembers the new entry of a replayed rejection, for a trace: under the rejected id and under the
-- id of the entry that was rejected. The key `replayed` ends with the rejected id.
local function remember_replay(replayed, rejected_id, rejection, entry, remembered_ms)
  local prefix = string.gsub(replayed, 'replayed:[^:]*$', 'replayed-as:')
  redis.call('SET', prefix .. rejected_id, entry, 'PX', remembered_ms)
  local read, event = pcall(cjson.decode, rejection[2])
  if read and type(event) == 'table' and type(event.id) == 'string' then
    redis.call('SET', prefix .. event.id, entry, 'PX', remembered_ms)
  end
end

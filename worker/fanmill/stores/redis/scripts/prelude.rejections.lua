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

-- Removes a rejection, given its fields.
local function remove_rejection(rejected, failed, groups, fields, id)
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

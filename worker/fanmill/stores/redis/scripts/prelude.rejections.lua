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

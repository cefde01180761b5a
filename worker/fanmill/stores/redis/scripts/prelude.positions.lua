-- Returns the last id that a group was given, the last id of the stream, and the number of entries
-- that the group holds; nothing where the stream does not exist. A group that does not exist has
-- read nothing.
local function group_position(stream, group)
  if redis.call('EXISTS', stream) == 0 then return end
  local delivered, last, pending = '0-0', '0-0', 0
  local groups = redis.call('XINFO', 'GROUPS', stream)
  for i = 1, #groups do
    local facts = {}
    for j = 1, #groups[i], 2 do facts[groups[i][j]] = groups[i][j + 1] end
    if facts['name'] == group then
      delivered, pending = facts['last-delivered-id'], facts['pending']
    end
  end
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
  return delivered, last, pending
end

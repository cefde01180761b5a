#!lua flags=no-writes
-- Finds the rejection of an entry: from the time of the entry on, and among the newest.
-- KEYS: rejected
-- ARGV: entry id, maximum number of rejections, bytes after which to stop; each for both ends
-- Answers with the rejected id and 1 if all rejections since the entry were looked at.
local rejected, entry = KEYS[1], ARGV[1]
local count, enough = tonumber(ARGV[2]), tonumber(ARGV[3])
local mark = '"id":"' .. entry .. '"'
local function look(command, at, stop)
  local seen, bytes = 0, 0
  while seen < count and bytes < enough do
    local found = redis.call(command, rejected, at, stop, 'COUNT', 1)[1]
    if not found then return false, 1 end
    seen = seen + 1
    for i = 1, #found[2], 2 do
      bytes = bytes + #found[2][i + 1]
      if found[2][i] == 'event' and string.find(found[2][i + 1], mark, 1, true) then
        return found[1], 1
      end
    end
    at = '(' .. found[1]
  end
  return false, 0
end
local begin = halves_of(entry)
local id, whole = look('XRANGE', begin, '+')
if id or whole == 1 then return { id, whole } end
return { (look('XREVRANGE', '+', begin)), 0 }

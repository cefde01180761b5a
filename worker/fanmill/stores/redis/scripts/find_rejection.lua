#!lua flags=no-writes
-- Finds the rejection of an entry. Rejections follow the order of entries, but for those of
-- documents that were tried again: it looks around the place that this order tells, and among the
-- newest.
-- KEYS: rejected
-- ARGV: entry id, maximum number of rejections, bytes after which to stop; each for each look
-- Answers with the rejected id or '', and 1 if all rejections since the entry were looked at.
local rejected, entry = KEYS[1], ARGV[1]
local count, enough = tonumber(ARGV[2]), tonumber(ARGV[3])

local function entry_of(rejection)
  for i = 1, #rejection[2], 2 do
    if rejection[2][i] == 'event' then
      return string.match(rejection[2][i + 1], '"id":"(%d+%-%d+)"')
    end
  end
end

-- Looks at rejections one by one; returns the id, and whether the end was reached.
local function look(command, at, stop)
  local seen, bytes = 0, 0
  while seen < count and bytes < enough do
    local found = redis.call(command, rejected, at, stop, 'COUNT', 1)[1]
    if not found then return nil, true end
    if entry_of(found) == entry then return found[1], true end
    seen = seen + 1
    for i = 2, #found[2], 2 do bytes = bytes + #found[2][i] end
    at = '(' .. found[1]
  end
  return nil, false
end

local begin = halves_of(entry)
local newest, whole = look('XREVRANGE', '+', begin)
if newest or whole then return { newest or '', 1 } end

-- Returns the rejection of the entry if a probe meets it, and the first number whose rejection is of
-- the entry or a later one. `id_of` makes the id at which a probe begins.
local function bisect(low, high, id_of)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local found = redis.call('XRANGE', rejected, id_of(middle), '+', 'COUNT', 1)[1]
    local other = found and entry_of(found)
    if other == entry then return found[1] end
    if other and before(other, entry) then low = middle + 1 else high = middle end
  end
  return nil, low
end

local function in_millisecond(ms)
  return string.format('%.0f-0', ms)
end

local id, ms = bisect(tonumber(begin), now_ms(), in_millisecond)
if id then return { id, 1 } end
local place = in_millisecond(ms)
-- A slice of rejections shares its millisecond.
local last = redis.call('XREVRANGE', rejected, '(' .. place, begin, 'COUNT', 1)[1]
if last then
  local last_ms, last_sequence = halves_of(last[1])
  local function in_sequence(sequence) return last_ms .. '-' .. string.format('%.0f', sequence) end
  local found, sequence = bisect(0, tonumber(last_sequence), in_sequence)
  if found then return { found, 1 } end
  place = in_sequence(sequence)
end
id = look('XRANGE', place, '+') or look('XREVRANGE', '(' .. place, begin)
return { id or '', 0 }

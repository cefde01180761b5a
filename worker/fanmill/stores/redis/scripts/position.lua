#!lua flags=no-writes
-- Finds the place of a waiting entry in the backlog.
-- KEYS: ledger
-- ARGV: group, entry id, maximum number of entries to count from each end, bytes after which to
--       stop at each end
-- Answers with the kind, the position and the number of waiting entries. Kinds: absent (not
-- waiting), exact, about (interpolated by the time in the ids).
local ledger, group, entry = KEYS[1], ARGV[1], ARGV[2]
local count, enough = tonumber(ARGV[3]), tonumber(ARGV[4])
local delivered, last, pending = group_position(ledger, group)
if not delivered or not before(delivered, entry) or before(last, entry) then
  return { 'absent', 0, 0 }
end
if not redis.call('XRANGE', ledger, entry, entry)[1] then return { 'absent', 0, 0 } end
local waiting = math.max(1, redis.call('XLEN', ledger) - pending)

-- Counts from one end to the entry; returns the count, or nothing and the last id that was seen.
local function distance(command, at, stop)
  local seen, bytes = 0, 0
  while seen < count and bytes < enough do
    local found = redis.call(command, ledger, at, stop, 'COUNT', 1)[1]
    if not found then return nil, at, seen end
    seen = seen + 1
    if found[1] == entry then return seen end
    for i = 1, #found[2] do bytes = bytes + #found[2][i] end
    at = '(' .. found[1]
  end
  return nil, string.sub(at, 2), seen
end

local first, low, low_seen = distance('XRANGE', '(' .. delivered, '+')
if first then return { 'exact', first, waiting } end
local from_end, high, high_seen = distance('XREVRANGE', '+', '(' .. delivered)
if from_end then return { 'exact', waiting - from_end + 1, waiting } end
-- Entries between the two ends are taken as equally spaced in time.
local begin, finish, at = milliseconds_of(low), milliseconds_of(high), milliseconds_of(entry)
local share = finish > begin and (at - begin) / (finish - begin) or 0.5
local between = math.max(0, waiting - low_seen - high_seen)
return { 'about', low_seen + math.floor(share * between + 0.5), waiting }

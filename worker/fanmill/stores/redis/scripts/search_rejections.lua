#!lua flags=no-writes
-- Searches a part of the rejections for one that has a mark in its event.
-- KEYS: rejected
-- ARGV: command (XRANGE or XREVRANGE), where to begin and to end, maximum number of rejections,
--       bytes after which to stop, then the marks
-- Answers with the rejected id or '', the last id that was looked at, and the number that was.
local command, at, stop = ARGV[1], ARGV[2], ARGV[3]
local count, enough = tonumber(ARGV[4]), tonumber(ARGV[5])
local seen, bytes, last = 0, 0, ''

local function has_mark(event)
  for i = 6, #ARGV do
    if string.find(event, ARGV[i], 1, true) then return true end
  end
  return false
end

while seen < count and bytes < enough do
  -- Each by itself: an original may have megabytes.
  local found = redis.call(command, KEYS[1], at, stop, 'COUNT', 1)[1]
  if not found then break end
  seen, last = seen + 1, found[1]
  at = '(' .. last
  for i = 1, #found[2], 2 do
    bytes = bytes + #found[2][i + 1]
    if found[2][i] == 'event' and has_mark(found[2][i + 1]) then return { last, last, seen } end
  end
end
return { '', last, seen }

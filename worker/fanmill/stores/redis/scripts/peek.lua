#!lua flags=no-writes
-- Lists waiting entries without reading them, until there are enough of them or enough bytes.
-- KEYS: ledger
-- ARGV: group, entry id to begin after ('' for the first waiting one; '>' in front of an id: go
--       towards older entries from there, '>' alone from the newest), maximum count, bytes after
--       which to stop, bytes to return of an event (0: none)
-- Answers with the last id the group was given, the last id of the ledger, and a list of entries:
-- id, event or its beginning or false, bytes of the event.
local ledger, group = KEYS[1], ARGV[1]
local from, count, enough, beginning = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local delivered, last = group_position(ledger, group)
if not delivered then return { '0-0', '0-0', {} } end
local entries, bytes = {}, 0
local backward = string.sub(from, 1, 1) == '>'
local at
if backward then
  at = #from > 1 and '(' .. string.sub(from, 2) or '+'
else
  at = '(' .. ((from ~= '' and before(delivered, from)) and from or delivered)
end
while #entries < count and bytes < enough do
  local found
  if backward then
    found = redis.call('XREVRANGE', ledger, at, '(' .. delivered, 'COUNT', 1)[1]
  else
    found = redis.call('XRANGE', ledger, at, '+', 'COUNT', 1)[1]
  end
  if not found then break end
  local field = event_position(found[2])
  local body = field and found[2][field]
  bytes = bytes + (body and #body or 0) + 100
  local shown = body and beginning > 0 and unwrapped(body)
  entries[#entries + 1] = { found[1], shown and string.sub(shown, 1, beginning) or false,
    body and #body or 0 }
  at = '(' .. found[1]
end
return { delivered, last, entries }

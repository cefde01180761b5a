#!lua
-- Looks for entries in work that others have removed, or taken off the group.
-- KEYS: ledger, released, admitted, then the work of each entry
-- ARGV: group, consumer, then the entry ids
-- Answers with the number of entries found lost.
local ledger, released, admitted = KEYS[1], KEYS[2], KEYS[3]
local group, consumer = ARGV[1], ARGV[2]
local oldest = redis.call('XRANGE', ledger, '-', '+', 'COUNT', 1)[1]
local lost = 0
for i = 1, #KEYS - 3 do
  local work, entry = KEYS[i + 3], ARGV[i + 2]
  local known = redis.call('HMGET', work, 'revision', 'lost')
  if not known[1] then
    redis.call('SREM', admitted, entry)
  elseif not known[2] then
    -- Trimmed from the old end: no need to look at the group.
    local there = oldest and not before(entry, oldest[1])
    if there and #redis.call('XPENDING', ledger, group, entry, entry, 1) == 0 then
      there = #redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'FORCE', 'JUSTID') > 0
    end
    if not there then
      mark_lost(work, released, entry)
      lost = lost + 1
    end
  end
end
return lost

#!lua flags=allow-oom
-- Ends entries of the ledger whose documents were forgotten, waiting or in flight.
-- KEYS: ledger, reading, counters, history; ARGV: group, then for each entry: its id, document id
-- Answers with the number of entries that were there.
local ledger, reading, group = KEYS[1], KEYS[2], ARGV[1]
local namespace = namespace_of(reading, ':reading')
local delivered = group_position(ledger, group)
local counts = {}
for i = 2, #ARGV, 2 do
  local entry = ARGV[i]
  if delivered and is_forgotten(namespace, ARGV[i + 1], entry)
      and redis.call('XRANGE', ledger, entry, entry)[1] then
    local held = redis.pcall('XPENDING', ledger, group, entry, entry, 1)
    -- An entry that no intake has read counts as read: it was not lost.
    if not held['err'] and #held == 0 and before(delivered, entry) then
      redis.call('HINCRBY', reading, 'read', 1)
    end
    end_forgotten(namespace, ledger, group, entry, counts)
  end
end
write_counts(KEYS[3], KEYS[4], now_ms(), counts)
return counts.forgotten or 0

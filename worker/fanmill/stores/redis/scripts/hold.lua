#!lua flags=allow-oom
-- Takes waiting entries off the backlog, so that they can be rejected; intake reads none of them.
-- KEYS: ledger, reading
-- ARGV: group, consumer, then the entry ids
-- Answers for each entry: 1 held now, 0 not waiting (read before, or not in the ledger).
local ledger, reading = KEYS[1], KEYS[2]
local group, consumer = ARGV[1], ARGV[2]
local delivered = group_position(ledger, group)
local answers = {}
for i = 3, #ARGV do
  local entry = ARGV[i]
  answers[i - 2] = 0
  if delivered and before(delivered, entry)
      and #redis.call('XPENDING', ledger, group, entry, entry, 1) == 0
      and #redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'FORCE', 'JUSTID') > 0 then
    redis.call('HINCRBY', reading, 'read', 1)
    answers[i - 2] = 1
  end
end
return answers

#!lua
-- Puts the ledger aside, so that a new stream with ids of the clock can begin.
-- KEYS: ledger, where to put it, reading; ARGV: group
-- Answers with the number of entries in flight; the ledger is put aside only if there are none.
local ledger, aside, reading = KEYS[1], KEYS[2], KEYS[3]
if redis.call('EXISTS', ledger) == 0 or redis.call('EXISTS', aside) == 1 then return 0 end
local pending = redis.pcall('XPENDING', ledger, ARGV[1])
if pending['err'] then
  -- Without a group no entry has been read.
  if not string.find(pending['err'], 'NOGROUP', 1, true) then return pending end
  pending = { 0 }
end
if pending[1] > 0 then return pending[1] end
redis.call('RENAME', ledger, aside)
-- The new stream counts from zero; what the old one lost unread stays counted.
local current = redis.call('HGET', reading, 'current') or '0'
redis.call('HINCRBY', reading, 'lost', current)
-- The entries put aside come again, and have been received already.
local _, length = added_and_length(aside)
redis.call('HSET', reading, 'added', 0, 'unread', 0, 'current', 0,
  'received', string.format('%.0f', length))
return 0

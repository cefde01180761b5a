#!lua flags=allow-oom
-- Takes a consumer off the group. Redis would drop its pending entries with it,
-- so one that still holds some stays: its entries are overdue some day and taken.
-- KEYS: ledger; ARGV: group, consumer. Answers 1 when it is off.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if #pending > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1

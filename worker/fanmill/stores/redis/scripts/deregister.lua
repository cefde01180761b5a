#!lua flags=allow-oom
-- Removes a consumer from the group. Redis would drop its pending entries with it,
-- so a consumer that still holds some stays until they are overdue and claimed.
-- KEYS: ledger; ARGV: group, consumer. Answers 1 when it was removed.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if #pending > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1

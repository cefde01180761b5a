#!lua
-- Puts outcomes that were set aside back into the outbox, or drops them.
-- KEYS: unreadable, late; ARGV: 1 to put back, 0 to drop; maximum number
-- Answers with their number.
local found = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[2])
for i = 1, #found do
  local fields = named(found[i][2])
  if ARGV[1] == '1' then
    redis.call('XADD', KEYS[2], '*', 'rejected', fields['rejected'], 'event', fields['event'])
  end
  redis.call('XDEL', KEYS[1], found[i][1])
end
return #found

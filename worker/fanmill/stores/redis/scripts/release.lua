#!lua flags=allow-oom
-- Gives entries back for redelivery at once.
-- KEYS: ledger, then the work of each entry
-- ARGV: group, consumer, cause, idle time in ms that marks a released entry, then the entry ids
local ledger = KEYS[1]
local group, consumer, cause, idle = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for i = 1, #KEYS - 1 do
  if redis.call('EXISTS', KEYS[i + 1]) == 1 then
    redis.call('HSET', KEYS[i + 1], 'cause', cause)
    redis.call('XCLAIM', ledger, group, consumer, 0, ARGV[i + 4], 'IDLE', idle, 'JUSTID')
  end
end
return redis.status_reply('OK')

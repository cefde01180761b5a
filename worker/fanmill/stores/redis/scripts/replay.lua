#!lua
-- Puts a rejected event back on the ledger and removes the rejection.
-- KEYS: rejected, ledger, event (or one that never exists, where the original cannot be read)
-- ARGV: rejected id
-- Answers with the new entry id, or false when there is no such rejection.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if not found[1] then return false end
local fields = {}
local held = found[1][2]
for i = 1, #held, 2 do
  local name = string.match(held[i], '^original:(.*)$')
  if name then
    fields[#fields + 1] = name
    fields[#fields + 1] = held[i + 1]
  end
end
if #fields == 0 then return redis.error_reply('ERR the rejection holds no original event') end
-- Without this the replayed event would pass for a repeat of the rejected one.
redis.call('DEL', KEYS[3])
local id = redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.call('XDEL', KEYS[1], ARGV[1])
return id

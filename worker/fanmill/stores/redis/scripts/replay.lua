#!lua
-- Puts a rejected event back on the ledger and removes the rejection.
-- KEYS: rejected, ledger, failed, counters, history, groups,
--       event (or one that never exists, where it cannot be read), replayed
-- ARGV: rejected id, time in ms for which the replay is remembered
-- Answers with the new entry id, or false when there is no such rejection, or its document was
-- forgotten.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not found then return false end
if is_rejection_forgotten(namespace_of(KEYS[6], ':groups'), found[2], ARGV[1]) then return false end
-- reject.lua keeps a bounded number of fields: they may be passed on at once.
local fields = original_of(found[2])
if #fields == 0 or #fields > 8000 then return redis.error_reply('ERR no original to replay') end
-- Without this the replayed event would pass for a repeat of the rejected one.
redis.call('DEL', KEYS[7])
local id = redis.call('XADD', KEYS[2], '*', unpack(fields))
remember_replay(KEYS[8], ARGV[1], found[2], id, ARGV[2])
remove_rejection(KEYS[1], KEYS[3], KEYS[6], found[2], ARGV[1])
write_counts(KEYS[4], KEYS[5], now_ms(), { replayed = 1 })
return id

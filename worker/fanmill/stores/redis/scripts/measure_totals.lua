#!lua flags=no-writes
-- Reads the counts since the namespace began, in one moment.
-- KEYS: ledger, reading, counters
-- Answers: number of entries that were added to the ledger since intake counted them last, then
-- names and counts in turn.
local added = 0
if redis.call('EXISTS', KEYS[1]) == 1 then added = added_and_length(KEYS[1]) end
local counted = tonumber(redis.call('HGET', KEYS[2], 'received') or '0')
local answer = redis.call('HGETALL', KEYS[3])
table.insert(answer, 1, math.max(0, added - counted))
return answer

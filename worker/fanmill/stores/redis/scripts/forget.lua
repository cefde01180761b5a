#!lua
-- Removes a document from the index.
-- KEYS: its hash in the index
-- ARGV: prefix of digests, document id, entry id that must have put it there ('' for any)
-- Answers 1 when something was removed.
local known = redis.call('HMGET', KEYS[1], 'entry', 'digest')
if not known[1] or (ARGV[3] ~= '' and known[1] ~= ARGV[3]) then return 0 end
if redis.call('GET', ARGV[1] .. known[2]) == ARGV[2] then
  redis.call('DEL', ARGV[1] .. known[2])
end
redis.call('DEL', KEYS[1])
return 1

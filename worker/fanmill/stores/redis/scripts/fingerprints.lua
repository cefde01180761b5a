#!lua flags=no-writes
-- Reads the fingerprints that are kept beside records.
-- KEYS: documents; ARGV: entry of each. Answers with a fingerprint for each, empty if the record
-- is gone or of another entry.
local answers = {}
for i = 1, #KEYS do
  local found = redis.call('HMGET', KEYS[i], 'entry', 'fingerprint')
  answers[i] = found[1] == ARGV[i] and found[2] or ''
end
return answers

#!lua flags=allow-oom
-- Replaces records by their compressed form, unless a later entry has replaced them.
-- KEYS: documents
-- ARGV: for each document: entry id of its record, compressed record
for i = 1, #KEYS do
  local entry, record = ARGV[i * 2 - 1], ARGV[i * 2]
  if redis.call('HGET', KEYS[i], 'entry') == entry then
    redis.call('HSET', KEYS[i], 'record', record)
  end
end
return redis.status_reply('OK')

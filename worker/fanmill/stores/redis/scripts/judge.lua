#!lua
-- Judges documents against all seen before and enters them, in their order.
-- KEYS: for each document: its hash in the index, its digest
-- ARGV: prefix of digests, then for each document: entry id, document id, digest
-- Answers for each document with its leader, '' for a unique one.
local prefix = ARGV[1]
local answers = {}
for i = 1, #KEYS / 2 do
  local document, holder = KEYS[i * 2 - 1], KEYS[i * 2]
  local entry, id, digest = ARGV[i * 3 - 1], ARGV[i * 3], ARGV[i * 3 + 1]
  local known = redis.call('HMGET', document, 'entry', 'digest', 'leader')
  if known[1] == entry then
    answers[i] = known[3]
  else
    local leader = redis.call('GET', holder)
    if leader == id then leader = false end
    -- An older revision that comes late is judged, but takes no place.
    if not known[1] or before(known[1], entry) then
      if known[2] and known[2] ~= digest and redis.call('GET', prefix .. known[2]) == id then
        redis.call('DEL', prefix .. known[2])
      end
      if not leader then redis.call('SET', holder, id) end
      redis.call('HSET', document, 'entry', entry, 'digest', digest, 'leader', leader or '')
    end
    answers[i] = leader or ''
  end
end
return answers

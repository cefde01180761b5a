#!lua
-- Reads how often terms were seen lately and in the long run; changes nothing.
-- KEYS: recent terms (prefix), usual terms, document counts
-- ARGV: hours to look back over, seconds of an hour's bucket, seconds of decay,
--       most terms when none are named, then the terms
-- Answers: recent documents, usual documents, then for each term: term, recent, usual.
local hours, bucket = tonumber(ARGV[1]), tonumber(ARGV[2])
local decay, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local seconds = math.floor(now_ms() / 1000)
local hour = math.floor(seconds / bucket)
local scale = tonumber(redis.call('HGET', KEYS[3], 'scale') or seconds)
local weight = math.exp((seconds - scale) / decay)
local usual = tonumber(redis.call('HGET', KEYS[3], 'usual') or '0') / weight
local documents = 0
local counts, terms = {}, {}
for i = 5, #ARGV do
  terms[#terms + 1] = ARGV[i]
  counts[ARGV[i]] = 0
end
local named = #terms > 0
for back = 0, hours - 1 do
  local key = KEYS[1] .. (hour - back)
  local here = tonumber(redis.call('GET', key .. ':documents') or '0')
  documents = documents + here
  if here > 0 then
    if named then
      local scores = redis.call('ZMSCORE', key, unpack(terms))
      for i, term in ipairs(terms) do
        counts[term] = counts[term] + tonumber(scores[i] or 0)
      end
    else
      local top = redis.call('ZREVRANGE', key, 0, most - 1, 'WITHSCORES')
      for i = 1, #top, 2 do
        if not counts[top[i]] then
          terms[#terms + 1] = top[i]
          counts[top[i]] = 0
        end
        counts[top[i]] = counts[top[i]] + tonumber(top[i + 1])
      end
    end
  end
end
local answer = { tostring(documents), string.format('%.6f', usual) }
for _, term in ipairs(terms) do
  local long = tonumber(redis.call('ZSCORE', KEYS[2], term) or '0') / weight
  answer[#answer + 1] = term
  answer[#answer + 1] = tostring(counts[term])
  answer[#answer + 1] = string.format('%.6f', long)
end
return answer

#!lua flags=allow-oom
-- Takes the terms of one document out of the counts. A term that no other document has goes.
-- KEYS: prefix of the terms of an hour, terms of the long run, counts of documents
-- ARGV: time at which the document was complete, in s since 1970; seconds of an hour, seconds in
--       which the long run decays by e, then the terms
-- Answers with the number of terms that were counted.
local at, bucket, decay = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local scale = tonumber(redis.call('HGET', KEYS[3], 'scale'))
if not scale or #ARGV == 3 then return 0 end
local hour = math.floor(at / bucket)
-- Another stage may have ended in the hour after the one in which the terms were counted.
if not redis.call('ZSCORE', KEYS[1] .. hour, ARGV[4])
    and redis.call('ZSCORE', KEYS[1] .. (hour - 1), ARGV[4]) then
  hour = hour - 1
end
local recent, weight = KEYS[1] .. hour, math.exp((at - scale) / decay)
local found = 0

-- Takes an amount off a count; returns whether there was one. A rest below `least` is nothing.
local function take(key, term, amount, least)
  local score = tonumber(redis.call('ZSCORE', key, term))
  if not score then return false end
  if score - amount < least then
    redis.call('ZREM', key, term)
  else
    redis.call('ZINCRBY', key, string.format('%.17g', -amount), term)
  end
  return true
end

for i = 4, #ARGV do
  -- A count has a trace of the time behind the point.
  local here = take(recent, ARGV[i], 1, 1)
  -- The weight of the moment of counting is known up to some seconds.
  if take(KEYS[2], ARGV[i], weight, weight / 100) or here then found = found + 1 end
end
if found > 0 then
  if tonumber(redis.call('GET', recent .. ':documents') or '0') > 0 then
    redis.call('DECR', recent .. ':documents')
  end
  redis.call('HINCRBYFLOAT', KEYS[3], 'usual', string.format('%.17g', -weight))
end
return found

#!lua
-- Counts the terms of documents of one language: this hour, and decayed for the long run.
-- KEYS: recent terms of this and all hours (prefix), usual terms, document counts
-- ARGV: most terms kept, seconds of an hour's bucket, seconds an hour is kept, seconds in which
--       the long run decays by e, most terms kept of an hour that tags no longer look at,
--       documents, then each term and how many documents have it
-- The long run uses forward decay: what is counted now weighs e^(time since the start of the
-- scale), so that nothing that is stored has to be changed as time goes by.
local most, bucket = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept, decay = tonumber(ARGV[3]), tonumber(ARGV[4])
local most_past, documents = tonumber(ARGV[5]), tonumber(ARGV[6])
local seconds = math.floor(now_ms() / 1000)
local hour = math.floor(seconds / bucket)
local recent = KEYS[1] .. hour
local scale = tonumber(redis.call('HGET', KEYS[3], 'scale'))
if not scale then
  scale = seconds
  redis.call('HSET', KEYS[3], 'scale', scale)
end
local weight = math.exp((seconds - scale) / decay)
if weight > 1e12 then
  -- Numbers would lose their small places: begin a new scale, with all counts brought to it.
  local factor = 1 / weight
  local terms = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
  for i = 1, #terms, 2 do
    redis.call('ZADD', KEYS[2], string.format('%.17g', terms[i + 1] * factor), terms[i])
  end
  local usual = tonumber(redis.call('HGET', KEYS[3], 'usual') or '0') * factor
  redis.call('HSET', KEYS[3], 'scale', seconds, 'usual', string.format('%.17g', usual))
  weight = 1
end
-- Equal counts would go by the alphabet: a trace of the time lets the oldest go first.
local trace = seconds % bucket / bucket * 1e-7
for i = 7, #ARGV, 2 do
  local count = tonumber(ARGV[i + 1])
  redis.call('ZINCRBY', recent, string.format('%.17g', count + trace), ARGV[i])
  redis.call('ZINCRBY', KEYS[2], string.format('%.17g', count * weight), ARGV[i])
end
local last = tonumber(redis.call('HGET', KEYS[3], 'hour') or hour)
if hour > last then
  -- Tags look at this hour and the one before. An hour that leaves these two is cut.
  redis.call('ZREMRANGEBYRANK', KEYS[1] .. (last - 1), 0, -1 - most_past)
  if last < hour - 1 then redis.call('ZREMRANGEBYRANK', KEYS[1] .. last, 0, -1 - most_past) end
end
redis.call('HSET', KEYS[3], 'hour', hour)
for _, key in ipairs({ recent, KEYS[2] }) do
  local over = redis.call('ZCARD', key) - most
  -- A tenth at once, so that it does not happen with every batch.
  if over > most / 10 then redis.call('ZREMRANGEBYRANK', key, 0, over - 1) end
end
redis.call('EXPIRE', recent, kept)
redis.call('INCRBY', recent .. ':documents', documents)
redis.call('EXPIRE', recent .. ':documents', kept)
redis.call('HINCRBYFLOAT', KEYS[3], 'usual', string.format('%.17g', documents * weight))
redis.call('EXPIRE', KEYS[2], decay * 8)
redis.call('EXPIRE', KEYS[3], decay * 8)
return 1

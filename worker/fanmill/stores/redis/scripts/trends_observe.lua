#!lua
-- Counts the terms of documents of one language: in the current hour, and decayed in the long run.
-- KEYS: prefix of the terms of an hour, terms of the long run, counts of documents
-- ARGV: maximum number of terms, seconds of an hour, seconds for which an hour is kept, seconds in
--       which the long run decays by e, maximum number of terms of a past hour, number of documents,
--       then each term and the number of documents that have it
-- The long run uses forward decay: a new count weighs e^(time since the start of the scale), so that
-- no stored number has to be changed as time passes.
local max_terms, bucket = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept, decay = tonumber(ARGV[3]), tonumber(ARGV[4])
local max_past_terms, documents = tonumber(ARGV[5]), tonumber(ARGV[6])
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
  -- Large weights lose precision: begin a new scale, and bring all counts to it.
  local factor = 1 / weight
  local terms = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
  for i = 1, #terms, 2 do
    redis.call('ZADD', KEYS[2], string.format('%.17g', terms[i + 1] * factor), terms[i])
  end
  local usual = tonumber(redis.call('HGET', KEYS[3], 'usual') or '0') * factor
  redis.call('HSET', KEYS[3], 'scale', seconds, 'usual', string.format('%.17g', usual))
  weight = 1
end
-- Redis orders equal counts by the alphabet. A trace of the time drops the oldest first.
local trace = seconds % bucket / bucket * 1e-7
-- Adds to the counts of some terms: a call to read and a call to write, however many there are.
local function add_counts(key, terms, numbers)
  local seen = redis.call('ZMSCORE', key, unpack(terms))
  local written = {}
  for i = 1, #terms do
    written[i * 2 - 1] = string.format('%.17g', (tonumber(seen[i]) or 0) + numbers[i])
    written[i * 2] = terms[i]
  end
  redis.call('ZADD', key, unpack(written))
end
-- Lua passes on some 8,000 values in a call.
local AT_ONCE = 1000
for first = 7, #ARGV, AT_ONCE * 2 do
  local terms, here, long_run = {}, {}, {}
  for i = first, math.min(first + AT_ONCE * 2 - 1, #ARGV), 2 do
    local at, count = #terms + 1, tonumber(ARGV[i + 1])
    terms[at], here[at], long_run[at] = ARGV[i], count + trace, count * weight
  end
  add_counts(recent, terms, here)
  add_counts(KEYS[2], terms, long_run)
end
local last = tonumber(redis.call('HGET', KEYS[3], 'hour') or hour)
if hour > last then
  -- Tags are judged by this hour and the one before. Cut the hours that are neither any more.
  redis.call('ZREMRANGEBYRANK', KEYS[1] .. (last - 1), 0, -1 - max_past_terms)
  if last < hour - 1 then redis.call('ZREMRANGEBYRANK', KEYS[1] .. last, 0, -1 - max_past_terms) end
end
redis.call('HSET', KEYS[3], 'hour', hour)
for _, key in ipairs({ recent, KEYS[2] }) do
  local over = redis.call('ZCARD', key) - max_terms
  -- Drop a tenth at once, so that not every batch has to.
  if over > max_terms / 10 then redis.call('ZREMRANGEBYRANK', key, 0, over - 1) end
end
redis.call('EXPIRE', recent, kept)
redis.call('INCRBY', recent .. ':documents', documents)
redis.call('EXPIRE', recent .. ':documents', kept)
redis.call('HINCRBYFLOAT', KEYS[3], 'usual', string.format('%.17g', documents * weight))
redis.call('EXPIRE', KEYS[2], decay * 8)
redis.call('EXPIRE', KEYS[3], decay * 8)
return 1

#!lua flags=no-writes
-- Reads the counts of terms in the last hours and before them; changes nothing.
-- KEYS: prefix of the terms of an hour, terms of the long run, counts of documents
-- ARGV: hours to look back over, seconds of an hour, seconds of decay, then the terms
-- Returns: recent documents, earlier documents, then for each term: recent count, earlier count.
-- Earlier counts are the long run without the hours of the window; see
-- `fanmill.core.trends.weights_of` for the weight of an hour.
local hours, bucket, decay = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local seconds = math.floor(now_ms() / 1000)
local hour = math.floor(seconds / bucket)
local scale = tonumber(redis.call('HGET', KEYS[3], 'scale') or seconds)
local grown = math.exp((seconds - scale) / decay)
local terms = #ARGV - 3
local documents, window = 0, 0
local counts, weighed = {}, {}
for i = 1, terms do
  counts[i], weighed[i] = 0, 0
end
-- Lua passes a few thousand arguments in one call at most.
local AT_ONCE = 1000
local function scores_of(key, each)
  for first = 1, terms, AT_ONCE do
    local last = math.min(first + AT_ONCE - 1, terms)
    local scores = redis.call('ZMSCORE', key, unpack(ARGV, first + 3, last + 3))
    for i = first, last do each(i, tonumber(scores[i - first + 1] or 0)) end
  end
end
for back = 0, hours - 1 do
  local key = KEYS[1] .. (hour - back)
  local here = tonumber(redis.call('GET', key .. ':documents') or '0')
  if here > 0 then
    local into = seconds % bucket
    local age = back == 0 and into / 2 or into + (back - 0.5) * bucket
    local weight = math.exp(-age / decay)
    documents, window = documents + here, window + here * weight
    scores_of(key, function(i, score)
      local count = math.floor(score)
      counts[i], weighed[i] = counts[i] + count, weighed[i] + count * weight
    end)
  end
end
local usual = tonumber(redis.call('HGET', KEYS[3], 'usual') or '0') / grown
-- See `fanmill.core.trends.before_window`.
local function before(all, inside)
  local left = all - inside
  return string.format('%.6f', left > 0.005 * inside and left or 0)
end
local answer = { tostring(documents), before(usual, window) }
scores_of(KEYS[2], function(i, score)
  answer[2 * i + 1] = tostring(counts[i])
  answer[2 * i + 2] = before(score / grown, weighed[i])
end)
return answer

#!lua flags=allow-oom
-- Leaves tombstones of documents, removes their records, and tells the sinks.
-- KEYS: results, results by entry, sinks, late, then for each document: document, forgotten
-- ARGV: time of the erasure in ms, time in ms for which a tombstone is kept, action id,
--       the erasure for sinks (JSON), then the document ids
-- Answers with the number of documents that were known. Events that came later are left alone.
local results, by_entry, sinks, late = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local at = tonumber(ARGV[1])
local known = 0

local function is_older(entry)
  return not entry or milliseconds_of(entry) < at
end

for i = 1, #ARGV - 4 do
  local document, forgotten, id = KEYS[i * 2 + 3], KEYS[i * 2 + 4], ARGV[i + 4]
  local before_now = redis.call('GET', forgotten)
  if not before_now or tonumber(string.match(before_now, '^%d+')) <= at then
    redis.call('SET', forgotten, ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[2])
  end
  if redis.call('EXISTS', document) == 1 then
    local seen = redis.call('HMGET', document, 'newest', 'entry')
    local older = is_older(seen[2])
    if older then
      redis.call('ZREM', results, id)
      redis.call('ZREM', by_entry, id)
    end
    if is_older(seen[1]) and older then
      redis.call('DEL', document)
      known = known + 1
    elseif older and redis.call('HDEL', document, 'record', 'entry', 'fingerprint') > 0 then
      known = known + 1
    end
  end
end
if redis.call('HLEN', sinks) > 0 then redis.call('XADD', late, '*', 'event', ARGV[4]) end
return known

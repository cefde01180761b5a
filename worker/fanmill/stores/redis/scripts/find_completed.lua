#!lua flags=no-writes
-- Finds the document whose record comes from an entry.
-- KEYS: results, results by entry, prefix of documents
-- ARGV: entry id, number of records to look at around the place
-- Answers with the document id, or false.
local results, by_entry, prefix = KEYS[1], KEYS[2], KEYS[3]
local entry, around = ARGV[1], tonumber(ARGV[2])
local function is_wanted(document)
  return redis.call('HGET', prefix .. document, 'entry') == entry
end
local ms = milliseconds_of(entry)
for _, document in ipairs(redis.call('ZRANGEBYSCORE', by_entry, ms, ms, 'LIMIT', 0, 5000)) do
  if is_wanted(document) then return document end
end

-- Records of an earlier release, and of ids ahead of the clock, are ordered by completion alone. It
-- follows the order of entries but for those in work at the same time.
local function entry_at(rank)
  local document = redis.call('ZRANGE', results, rank, rank)[1]
  return document, document and redis.call('HGET', prefix .. document, 'entry')
end
local low, high = 0, redis.call('ZCARD', results) - 1
if high < 0 then return false end
local least, most = low, high
while low < high do
  local middle = math.floor((low + high) / 2)
  local document, other = entry_at(middle)
  if other == entry then return document end
  -- A record that was forgotten meanwhile says nothing.
  if other and before(other, entry) then low = middle + 1 else high = middle end
end
for step = 0, around do
  for _, rank in ipairs({ low + step, low - step }) do
    if rank >= least and rank <= most then
      local document, other = entry_at(rank)
      if other == entry then return document end
    end
  end
end
return false

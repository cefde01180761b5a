#!lua flags=no-writes
-- Finds the document whose record comes from an entry. Records are ordered by completion, which
-- follows the order of entries but for those in work at the same time.
-- KEYS: results, prefix of documents
-- ARGV: entry id, number of records to look at around the place
-- Answers with the document id, or false.
local results, prefix, entry, around = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
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

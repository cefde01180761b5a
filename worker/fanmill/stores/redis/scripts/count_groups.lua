#!lua flags=no-writes
-- Counts rejections by their failure group, from an id on.
-- KEYS: rejected; ARGV: where to begin, as XRANGE takes it; maximum count
-- Answers with the last id (empty: none is left) and pairs of group and number; entries of other
-- programs have the group ''.
local counts, last = count_by_group(KEYS[1], ARGV[1], tonumber(ARGV[2]))
local flat = {}
for group, number in pairs(counts) do
  flat[#flat + 1] = group
  flat[#flat + 1] = number
end
return { last, flat }

#!lua flags=no-writes
-- The largest clusters of some chunks: ARGV 1 first chunk, 2 last chunk, 3 how many.
-- Returns {size, original's id, ...}, largest first; sizes count the original.

load_state()
local found = {}
for c = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local entries = call('HGETALL', PREFIX .. 'm' .. string.format('%.0f', c))
  for i = 1, #entries, 2 do
    local number = c * CHUNK + tonumber(entries[i])
    local _, count = unpack_bytes('>dI', entries[i + 1])
    if number >= S.oldest then found[#found + 1] = {count + 1, number} end
  end
end
table.sort(found, function(a, b)
  if a[1] ~= b[1] then return a[1] > b[1] end
  return a[2] < b[2]
end)
local answer = {}
for i = 1, math.min(#found, tonumber(ARGV[3])) do
  answer[2 * i - 1] = found[i][1]
  answer[2 * i] = document_id(found[i][2])
end
return answer

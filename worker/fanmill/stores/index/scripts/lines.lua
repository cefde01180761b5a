#!lua flags=no-writes
-- How many earlier unique documents had each line, 0 to 3.
-- ARGV: one blob of cells (4 bytes each) a document. Returns one blob a
-- document, one byte a line.

load_state()
local answers = {}
for d = 1, #ARGV do
  local counts = {}
  local lines = #ARGV[d] / 4
  for from = 0, lines - 1, 200 do
    local args = {}
    local last = math.min(from + 199, lines - 1)
    for i = from, last do
      local n = #args
      args[n + 1], args[n + 2] = 'GET', 'u2'
      args[n + 3] = unpack_bytes('>I4', ARGV[d], 4 * i + 1) * 2
    end
    local now = call('BITFIELD_RO', PREFIX .. 'b' .. S.lines_table % 3, unpack(args))
    local before = call('BITFIELD_RO', PREFIX .. 'b' .. (S.lines_table - 1) % 3, unpack(args))
    for i = 1, #now do
      counts[#counts + 1] = char(math.min(3, now[i] + before[i]))
    end
  end
  answers[d] = table.concat(counts)
end
return answers

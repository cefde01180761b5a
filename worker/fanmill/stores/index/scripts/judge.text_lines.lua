-- The lines of a document: how many earlier documents have them, and counting them.

-- Read the lines of a blob: cell, whether it is the first line of its cell, whether the
-- fingerprint takes it for boilerplate and leaves it out of the content, tokens; and how many
-- earlier documents have it now.
local function read_lines(blob, at, count)
  local lines = {count = count, cells = {}, first = {}, known = {}, left_out = {}, tokens = {},
    seen = {}}
  if count == 0 then return lines end
  for i = 1, count do
    local flags, cell, tokens = unpack_bytes('>BI3H', blob, at + 6 * (i - 1))
    lines.cells[i], lines.tokens[i] = cell, tokens
    lines.first[i] = flags % 2 == 1
    lines.known[i] = floor(flags / 2) % 2 == 1
    lines.left_out[i] = flags >= 4
  end
  for from = 1, count, 200 do
    local args, n = {}, 0
    local last = math.min(from + 199, count)
    for i = from, last do
      args[n + 1], args[n + 2], args[n + 3] = 'GET', 'u2', lines.cells[i] * 2
      n = n + 3
    end
    local now = call('BITFIELD_RO', PREFIX .. 'b' .. S.lines_table % 3, unpack(args))
    local before = call('BITFIELD_RO', PREFIX .. 'b' .. (S.lines_table - 1) % 3, unpack(args))
    for i = from, last do
      lines.seen[i] = math.min(3, now[i - from + 1] + before[i - from + 1])
    end
  end
  return lines
end

-- Whether the lines that the fingerprint takes for boilerplate are boilerplate.
local function up_to_date(lines)
  for i = 1, lines.count do
    if (lines.seen[i] >= KNOWN_FROM) ~= lines.known[i] then return false end
  end
  return true
end

local function count_lines(lines)
  local cells = {}
  for i = 1, lines.count do
    if lines.first[i] then cells[#cells + 1] = lines.cells[i] end
  end
  if #cells == 0 then return end
  if S.lines_new > CELLS * 0.15 then
    call('UNLINK', PREFIX .. 'b' .. (S.lines_table - 1) % 3)
    S.lines_table = S.lines_table + 1
    S.lines_new, S.lines_start = 0, 0
  end
  for from = 1, #cells, 200 do
    local args = {'OVERFLOW', 'SAT'}
    for i = from, math.min(from + 199, #cells) do
      local n = #args
      args[n + 1], args[n + 2], args[n + 3], args[n + 4] = 'INCRBY', 'u2', cells[i] * 2, 1
    end
    local after = call('BITFIELD', PREFIX .. 'b' .. S.lines_table % 3, unpack(args))
    for i = 1, #after do
      if after[i] == 1 then S.lines_new = S.lines_new + 1 end
    end
  end
end

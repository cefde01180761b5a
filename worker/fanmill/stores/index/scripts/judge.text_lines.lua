-- The lines of a document: how many earlier documents have them, and counting them.

local TABLE = PREFIX .. 'b'
local LINE_FORMATS = {}

-- Read the lines of a blob into one array of three numbers each: flags (1 first line of its cell,
-- 2 taken for boilerplate, 4 left out of the content), cell, tokens; and how many earlier documents
-- have each line now. Many small tables would take longer than the rest of a judgement.
local function read_lines(blob, at, count)
  if count == 0 then return {count = 0} end
  local form = LINE_FORMATS[count]
  if not form then
    form = '>' .. rep('BI3H', count)
    LINE_FORMATS[count] = form
  end
  local fields = {unpack_bytes(form, blob, at)}
  local seen = {}
  for from = 1, count, 200 do
    local args, n = {}, 0
    local last = math.min(from + 199, count)
    for i = from, last do
      args[n + 1], args[n + 2], args[n + 3] = 'GET', 'u2', fields[3 * i - 1] * 2
      n = n + 3
    end
    local now = call('BITFIELD_RO', TABLE .. S.lines_table % 3, unpack(args))
    if S.lines_table == 0 then -- there is no earlier table yet
      for i = from, last do seen[i] = now[i - from + 1] end
    else
      local before = call('BITFIELD_RO', TABLE .. (S.lines_table - 1) % 3, unpack(args))
      for i = from, last do seen[i] = math.min(3, now[i - from + 1] + before[i - from + 1]) end
    end
  end
  return {count = count, fields = fields, seen = seen}
end

-- Whether the lines that the fingerprint takes for boilerplate are boilerplate.
local function up_to_date(lines)
  local fields, seen = lines.fields, lines.seen
  for i = 1, lines.count do
    local flags = fields[3 * i - 2]
    if (seen[i] >= KNOWN_FROM) ~= (flags % 4 >= 2) then return false end
  end
  return true
end

local function count_lines(lines)
  if lines.count == 0 then return end
  if S.lines_new > CELLS * 0.15 then
    call('UNLINK', TABLE .. (S.lines_table - 1) % 3)
    S.lines_table = S.lines_table + 1
    S.lines_new, S.lines_start = 0, 0
  end
  local fields = lines.fields
  for from = 1, lines.count, 200 do
    local args, n = {'OVERFLOW', 'SAT'}, 2
    for i = from, math.min(from + 199, lines.count) do
      if fields[3 * i - 2] % 2 == 1 then
        args[n + 1], args[n + 2], args[n + 3], args[n + 4] = 'INCRBY', 'u2', fields[3 * i - 1] * 2, 1
        n = n + 4
      end
    end
    local after = n > 2 and call('BITFIELD', TABLE .. S.lines_table % 3, unpack(args)) or {}
    for i = 1, #after do
      if after[i] == 1 then S.lines_new = S.lines_new + 1 end
    end
  end
end

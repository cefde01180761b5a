#!lua flags=no-writes
-- Lists rejections without their originals.
-- KEYS: rejected; ARGV: where to begin, as XRANGE takes it; maximum count
-- Answers for each with its id, the rejection (or false), the bytes of its original, what was cut,
-- the failure group that counts it.
local from = ARGV[1]
local answers = {}
for i = 1, tonumber(ARGV[2]) do
  -- Entry by entry: an original may have megabytes.
  local found = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 1)[1]
  if not found then break end
  from = '(' .. found[1]
  local item = { found[1], false, 0, '', '' }
  for j = 1, #found[2], 2 do
    local name, value = found[2][j], found[2][j + 1]
    if name == 'event' then
      item[2] = value
    elseif name == 'cut' then
      item[4] = value
    elseif name == 'group' then
      item[5] = value
    else
      item[3] = item[3] + #value
    end
  end
  answers[i] = item
end
return answers

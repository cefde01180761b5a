#!lua flags=allow-oom
-- Moves entries to the rejected stream, each with its cause and its original fields.
-- KEYS: ledger, rejected, counters, then for each entry: work, document (or one that never exists)
-- ARGV: group, then for each entry: entry id, stage (or ''), attempts, reason,
--       the rejection as JSON that stops before its attempts
-- Answers for each entry: 1 rejected, 0 gone.
local ledger, rejected, counters = KEYS[1], KEYS[2], KEYS[3]
local group = ARGV[1]
local now = now_ms()
local answers = {}
-- Lua passes on some 8,000 values at once. An entry of more fields is nobody's event, but
-- failing on it would end the script behind the acknowledgement and lose the entry.
local most_values = 4000

-- The fields to keep of an entry; of too many the event, and the others packed into one.
local function kept(original)
  if #original <= most_values then return original end
  local fields, others = {}, {}
  for j = 1, #original, 2 do
    local to = original[j] == 'event' and fields or others
    to[#to + 1] = original[j]
    to[#to + 1] = original[j + 1]
  end
  fields[#fields + 1] = 'packed'
  fields[#fields + 1] = cmsgpack.pack(others)
  return fields
end

for i = 1, (#KEYS - 3) / 2 do
  local work, document = KEYS[i * 2 + 2], KEYS[i * 2 + 3]
  local at = i * 5 - 3
  local entry, stage, attempts = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local reason, json = ARGV[at + 3], ARGV[at + 4]
  answers[i] = 0
  if redis.call('XACK', ledger, group, entry) == 1 then
    if stage ~= '' then
      -- The only attempt may have been uncounted; a rejection still counts at least one.
      local counted = tonumber(redis.call('HGET', work, 'attempts:' .. stage) or attempts)
      attempts = string.format('%d', math.max(1, counted))
    end
    local time = rfc3339(now)
    local event = json .. ',"attempts":' .. attempts .. ',"rejected_at":"' .. time .. '"},"time":"'
      .. time .. '"}'
    local fields = { 'event', event }
    local found = redis.call('XRANGE', ledger, entry, entry)
    if found[1] then
      local original = kept(found[1][2])
      for j = 1, #original, 2 do
        fields[#fields + 1] = 'original:' .. original[j]
        fields[#fields + 1] = original[j + 1]
      end
    end
    local id = redis.call('XADD', rejected, '*', unpack(fields))
    redis.call('XDEL', ledger, entry)
    redis.call('DEL', work)
    set_state(document, entry, 'rejected', id)
    redis.call('HINCRBY', counters, 'rejected', 1)
    redis.call('HINCRBY', counters, 'rejected:' .. reason, 1)
    answers[i] = 1
  end
end
return answers

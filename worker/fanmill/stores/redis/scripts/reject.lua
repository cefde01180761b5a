#!lua flags=allow-oom
-- Moves entries to the rejected stream, each with its cause and its original fields.
-- KEYS: ledger, rejected, counters, history, released, admitted, failed, groups,
--       then for each entry: work, document, event (or keys that never exist)
-- ARGV: group, bytes of an original to keep, bytes to keep of a larger event,
--       number of invalid events that are kept whole,
--       then for each entry: entry id, stage (or ''), attempts, reason,
--       envelope and data of the rejected event, each a JSON object,
--       failure group and its facts, a JSON object
-- Answers for each entry: 1 rejected, 0 gone or of a forgotten document.
local ledger, rejected, counters, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local released, admitted, failed, groups = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local group, largest, beginning = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local max_whole = tonumber(ARGV[4])
local namespace = namespace_of(admitted, ':admitted')
local now = now_ms()
local answers, counts = {}, {}
-- Lua passes on some 8,000 values at once, so the fields of a call must be bounded. No producer
-- means an entry of more fields.
local MAX_VALUES = 4000

-- Adds all fields but the event, up to the limit of bytes; returns what did not fit.
local function keep_others(fields, original, at, limit)
  local kept, bytes, left, left_bytes = {}, 0, 0, 0
  for j = 1, #original, 2 do
    if j + 1 ~= at then
      local size = #original[j] + #original[j + 1]
      if bytes + size > limit then
        left, left_bytes = left + 1, left_bytes + size
      else
        bytes = bytes + size
        kept[#kept + 1] = original[j]
        kept[#kept + 1] = original[j + 1]
      end
    end
  end
  if #kept > MAX_VALUES then
    kept = { 'packed', cmsgpack.pack(kept) }
  end
  for j = 1, #kept, 2 do
    fields[#fields + 1] = 'original:' .. kept[j]
    fields[#fields + 1] = kept[j + 1]
  end
  if left > 0 then return { fields = left, bytes = left_bytes } end
end

-- Adds the original fields, the event last: a reader takes the last of equal names.
local function keep_original(fields, original, limit)
  local at = event_position(original)
  local cut = {}
  cut.others = keep_others(fields, original, at, limit)
  if at then
    local body = original[at]
    if #body > limit then
      cut.event = { bytes = #body, sha1 = redis.sha1hex(body) }
      body = string.sub(body, 1, beginning)
    end
    fields[#fields + 1] = 'original:' .. original[at - 1]
    fields[#fields + 1] = body
  end
  if next(cut) then
    fields[#fields + 1] = 'cut'
    fields[#fields + 1] = cjson.encode(cut)
  end
end

-- Returns how many bytes of an original to keep. Invalid events do not stop intake, so a producer
-- could fill the server with them: of those beyond a number the beginning alone is kept.
local function room_for(stage)
  if stage ~= '' then return largest end
  local invalid = redis.call('XLEN', rejected) - redis.call('ZCARD', failed)
  return invalid < max_whole and largest or beginning
end

local function completed(envelope, data, entry, stage, attempts, work)
  if stage ~= '' then
    -- The only attempt may have been uncounted; a rejection still counts at least one.
    local counted = tonumber(redis.call('HGET', work, 'attempts:' .. stage) or attempts)
    attempts = string.format('%d', math.max(1, counted))
  end
  local time = rfc3339(now)
  local whole = json_merged({ data, json_member('attempts', attempts),
    json_member('received_at', received_at(entry, now)),
    json_member('rejected_at', '"' .. time .. '"') })
  return json_merged({ envelope, json_member('data', whole),
    json_member('time', '"' .. time .. '"') })
end

for i = 1, (#KEYS - 8) / 3 do
  local work, document, event = KEYS[i * 3 + 6], KEYS[i * 3 + 7], KEYS[i * 3 + 8]
  local at = i * 8 - 3
  local entry, stage, attempts = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local reason, envelope, data = ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local cause, facts = ARGV[at + 6], ARGV[at + 7]
  answers[i] = 0
  -- The first end counts: it takes away the work, or the hold of the group where there is none.
  if is_forgotten(namespace, id_in_key(namespace, document), entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
  elseif redis.call('EXISTS', work) == 1
      or #redis.call('XPENDING', ledger, group, entry, entry, 1) > 0 then
    local fields = { 'event', completed(envelope, data, entry, stage, attempts, work) }
    local found = redis.call('XRANGE', ledger, entry, entry)[1]
    if found then keep_original(fields, found[2], room_for(stage)) end
    local counted = group_for(groups, cause)
    fields[#fields + 1] = 'group'
    fields[#fields + 1] = counted
    local id = redis.call('XADD', rejected, '*', unpack(fields))
    count_in_group(groups, counted, facts, id)
    if stage ~= '' then redis.call('ZADD', failed, (halves_of(id)), id) end
    if reason == 'entry-lost' and redis.call('GET', event) == entry then
      redis.call('DEL', event)
    end
    set_state(document, entry, 'rejected', id)
    -- An event that was never admitted counts as refused, too.
    local admitted_before = redis.call('HEXISTS', work, 'revision') == 1
    add(counts, 'rejected', 1)
    if not admitted_before then add(counts, 'refused', 1) end
    add(counts, 'rejected:' .. reason, 1)
    redis.call('SREM', released, entry)
    redis.call('SREM', admitted, entry)
    redis.call('XDEL', ledger, entry)
    redis.call('DEL', work)
    redis.call('XACK', ledger, group, entry)
    answers[i] = 1
  end
end
write_counts(counters, history, now, counts)
return answers

#!lua
-- Stores stage results. Completes, announces and removes the entries of which no result is missing.
-- KEYS: ledger, processed, results, counters, history, data points, admitted, outbox,
--       then for each stage result: work, document
-- ARGV: group, stage, result retention in ms (0: no limit),
--       length of the processed stream (0: no limit),
--       then for each stage result: entry id, document id, members (JSON object),
--       problems (JSON array), closes (0 or 1), verdict, data point (empty: none),
--       fingerprint (empty: none)
-- Returns two lists, for each stage result: stored, completed, known, gone or forgotten; the kept record
-- as JSON, empty without one.
local ledger, processed, results = KEYS[1], KEYS[2], KEYS[3]
local counters, history, data_points, admitted = KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local group, stage = ARGV[1], ARGV[2]
-- With a sink the stream is trimmed by it, to what all sinks have stored.
local has_sink = redis.call('HEXISTS', KEYS[8], 'stored:1') == 1
local retention_ms, processed_length = tonumber(ARGV[3]), tonumber(ARGV[4])
local stages = { 'deduplicate', 'summarize', 'tag' }
local namespace = namespace_of(admitted, ':admitted')
local now = now_ms()
local time = rfc3339(now)
local answers, records = {}, {}
local counts = {}
-- Numbers of documents by their time in ms since the start of the stage, and since the ledger.
-- A batch has few different times.
local durations, waits = {}, {}
-- The last trace of each bin of the time since the ledger: trace id, duration in ms, time in ms,
-- span id.
local exemplars = {}
-- Time since the first start of this batch, in ms: how long it kept a child of a worker busy.
local busy_ms = 0

local function complete(entry, document_id, work, document)
  local fields = redis.call('HMGET', work, 'record_prefix', 'event_prefix', 'revision',
    'fingerprint')
  local revision, fingerprint = fields[3], fields[4]
  local members = { fields[1], json_member('revision', revision),
    json_member('completed_at', '"' .. time .. '"') }
  local problems = { '[]' }
  for _, name in ipairs(stages) do
    local result = redis.call('HMGET', work, name, 'problems:' .. name)
    if result[1] then members[#members + 1] = result[1] end
    if result[2] then problems[#problems + 1] = result[2] end
  end
  if #problems > 1 then members[#members + 1] = json_member('problems', json_merged(problems)) end
  local record = json_merged(members)
  local event = json_merged({ fields[2], json_member('time', '"' .. time .. '"'),
    json_member('data', record) })
  if processed_length > 0 and not has_sink then
    redis.call('XADD', processed, 'MAXLEN', '~', processed_length, '*', 'event', event)
  else
    redis.call('XADD', processed, '*', 'event', event)
  end
  -- An older revision that completes after a newer one is announced but not kept.
  local kept = redis.call('HGET', document, 'entry')
  if not kept or before(kept, entry) then
    redis.call('HSET', document, 'record', record, 'entry', entry)
    if fingerprint then redis.call('HSET', document, 'fingerprint', fingerprint) end
    redis.call('ZADD', results, now, document_id)
    if retention_ms > 0 then redis.call('PEXPIRE', document, retention_ms) end
  else
    record = ''
  end
  -- The document may have expired while its event was in flight.
  if redis.call('HSETNX', document, 'newest', entry) == 1 then
    redis.call('HSET', document, 'revisions', revision)
  end
  set_state(document, entry, 'complete')
  redis.call('SREM', admitted, entry)
  redis.call('XDEL', ledger, entry)
  redis.call('DEL', work)
  redis.call('XACK', ledger, group, entry)
  add(counts, 'completed', 1)
  -- An id that is later than the clock tells no time: such an entry has no latency.
  local waited = now - milliseconds_of(entry)
  if waited >= 0 then
    add(waits, waited, 1)
    local trace, span = string.match(fields[2],
      '"traceparent":"[0-9a-f][0-9a-f]%-([0-9a-f]+)%-([0-9a-f]+)%-[0-9a-f][0-9a-f]')
    -- Anything may be in the member: a value of other lengths is no trace context.
    if trace and #trace == 32 and #span == 16 and trace ~= string.rep('0', 32) then
      exemplars[bin_of(waited)] = trace .. ' ' .. waited .. ' ' .. now .. ' ' .. span
    end
  end
  return record
end

for i = 1, (#KEYS - 8) / 2 do
  local work, document = KEYS[i * 2 + 7], KEYS[i * 2 + 8]
  local at = i * 8 - 3
  local entry, document_id = ARGV[at], ARGV[at + 1]
  local members, problems = ARGV[at + 2], ARGV[at + 3]
  local closes, verdict, data_point = ARGV[at + 4] == '1', ARGV[at + 5], ARGV[at + 6]
  local fingerprint = ARGV[at + 7]
  records[i] = ''
  -- Work without a revision only notes that an entry is lost.
  if is_forgotten(namespace, document_id, entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
    answers[i] = 'forgotten'
  elseif redis.call('HEXISTS', work, 'revision') == 0 then
    answers[i] = 'gone'
  elseif redis.call('HSETNX', work, stage, members) == 0 then
    answers[i] = 'known'
  else
    if problems ~= '[]' then redis.call('HSET', work, 'problems:' .. stage, problems) end
    if fingerprint ~= '' then redis.call('HSET', work, 'fingerprint', fingerprint) end
    add(counts, 'stage:' .. stage, 1)
    if verdict ~= '' then add(counts, 'verdict:' .. verdict, 1) end
    local known = redis.call('HMGET', work, 'started:' .. stage, unpack(stages))
    local missing = 0
    for j = 1, #stages do
      if not known[j + 1] then missing = missing + 1 end
    end
    if known[1] then
      -- The clock may have gone back.
      add(durations, math.max(0, now - tonumber(known[1])), 1)
    end
    -- The work decides: one commit or one rejection ends an entry and removes its work.
    if not closes and missing > 0 then
      answers[i] = 'stored'
    else
      records[i] = complete(entry, document_id, work, document)
      answers[i] = 'completed'
    end
    -- Only here: a stage result that is known or gone must not count twice.
    if data_point ~= '' and answers[i] ~= 'gone' and answers[i] ~= 'forgotten' then
      redis.call('RPUSH', data_points, data_point)
    end
  end
end

for ms, number in pairs(waits) do add_durations(counts, 'total', ms, number) end
for ms, number in pairs(durations) do
  add_durations(counts, stage, ms, number)
  busy_ms = math.max(busy_ms, ms)
end
if busy_ms > 0 then add(counts, 'busy:' .. stage, busy_ms) end
write_counts(counters, history, now, counts)
for bin, exemplar in pairs(exemplars) do redis.call('HSET', history .. 'exemplars', bin, exemplar) end
if retention_ms > 0 and counts['completed'] then
  redis.call('ZREMRANGEBYSCORE', results, '-inf', now - retention_ms)
end
return { answers, records }

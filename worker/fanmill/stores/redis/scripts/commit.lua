#!lua
-- Stores stage results. Completes, announces and removes the entries of which no result is missing.
-- KEYS: ledger, processed, results, counters, history, data points, admitted, outbox,
--       results by entry,
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
local by_entry = KEYS[9]
local group, stage = ARGV[1], ARGV[2]
-- With a sink the stream is trimmed by it, to what all sinks have stored.
local has_sink = redis.call('HEXISTS', KEYS[8], 'stored:1') == 1
local retention_ms, processed_length = tonumber(ARGV[3]), tonumber(ARGV[4])
local stages = { 'deduplicate', 'summarize', 'tag' }
local stage_at = ({ deduplicate = 3, summarize = 4, tag = 5 })[stage]
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

-- Entries that are complete, and what is written for all of them at once.
local ended, scored, scored_by_entry, points = {}, {}, {}, {}
local ended_ids, ended_works, document_ids = {}, {}, {}
for i = 1, (#KEYS - 9) / 2 do document_ids[i] = ARGV[i * 8 - 2] end
local tombstones = tombstones_of(namespace, document_ids)

-- Returns the record of a document, given the fields of its work and its stage results.
local function record_of(fields, revision, found)
  local parts, problems = { json_inside(fields[1]), '"revision":' .. revision,
    '"completed_at":"' .. time .. '"' }, {}
  for j = 1, #stages do
    if found[j] and found[j] ~= '{}' then parts[#parts + 1] = json_inside(found[j]) end
    local each = fields[j + 3]
    if each and each ~= '[]' then problems[#problems + 1] = json_inside(each) end
  end
  if #problems > 0 then parts[#parts + 1] = '"problems":[' .. table.concat(problems, ',') .. ']' end
  return '{' .. table.concat(parts, ',') .. '}'
end

-- Keeps a record under the key of its document and returns whether it is kept: an older revision
-- that completes after a newer one is announced alone.
local function keep(document, document_id, entry, record, revision, fingerprint)
  local seen = redis.call('HMGET', document, 'entry', 'newest', 'rejection')
  local kept, newest = not seen[1] or before(seen[1], entry), seen[2]
  local written = {}
  if kept then
    written = { 'record', record, 'entry', entry }
    if fingerprint then written[5], written[6] = 'fingerprint', fingerprint end
    scored[#scored + 1] = now
    scored[#scored + 1] = document_id
    -- An id ahead of the clock would never be removed by age.
    put(scored_by_entry, math.min(now, milliseconds_of(entry)), document_id)
  end
  -- The document may have expired while its event was in flight.
  if not newest then
    newest = entry
    put(written, 'newest', entry)
    put(written, 'revisions', revision)
  end
  -- A newer event of the document has the state.
  if newest == entry then
    put(written, 'state', 'complete')
    if seen[3] then redis.call('HDEL', document, 'rejection') end
  end
  if #written > 0 then redis.call('HSET', document, unpack(written)) end
  if kept and retention_ms > 0 then redis.call('PEXPIRE', document, retention_ms) end
  return kept
end

-- Counts the time since the ledger, and keeps the trace of the event for its bin. An id that is later
-- than the clock tells no time: such an entry has no latency.
local function count_wait(entry, event_prefix)
  local waited = now - milliseconds_of(entry)
  if waited < 0 then return end
  add(waits, waited, 1)
  local trace, span = string.match(event_prefix,
    '"traceparent":"[0-9a-f][0-9a-f]%-([0-9a-f]+)%-([0-9a-f]+)%-[0-9a-f][0-9a-f]')
  -- Anything may be in the member: a value of other lengths is no trace context.
  if trace and #trace == 32 and #span == 16 and trace ~= string.rep('0', 32) then
    exemplars[bin_of(waited)] = trace .. ' ' .. waited .. ' ' .. now .. ' ' .. span
  end
end

-- Completes an entry, given its stage results and what this one adds to its work.
local function complete(entry, document_id, work, document, revision, found, problems, fingerprint)
  local fields = redis.call('HMGET', work, 'record_prefix', 'event_prefix', 'fingerprint',
    'problems:deduplicate', 'problems:summarize', 'problems:tag')
  for j = 1, #stages do
    if stages[j] == stage then fields[j + 3] = problems end
  end
  local record = record_of(fields, revision, found)
  local event = '{' .. json_inside(fields[2]) .. ',"time":"' .. time .. '","data":' .. record .. '}'
  if processed_length > 0 and not has_sink then
    redis.call('XADD', processed, 'MAXLEN', '~', processed_length, '*', 'event', event)
  else
    redis.call('XADD', processed, '*', 'event', event)
  end
  if not fingerprint then fingerprint = fields[3] end
  local kept = keep(document, document_id, entry, record, revision, fingerprint)
  ended[entry] = true
  ended_ids[#ended_ids + 1] = entry
  ended_works[#ended_works + 1] = work
  count_wait(entry, fields[2])
  return kept and record or ''
end

-- Stores a stage result in the work of an entry.
local function store(work, members, problems, fingerprint)
  local written = { stage, members }
  if problems ~= '[]' then put(written, 'problems:' .. stage, problems) end
  if fingerprint then put(written, 'fingerprint', fingerprint) end
  redis.call('HSET', work, unpack(written))
end

for i = 1, #document_ids do
  local work, document, document_id = KEYS[i * 2 + 8], KEYS[i * 2 + 9], document_ids[i]
  local at = i * 8 - 3
  local entry, members, problems = ARGV[at], ARGV[at + 2], ARGV[at + 3]
  local closes, verdict, data_point = ARGV[at + 4] == '1', ARGV[at + 5], ARGV[at + 6]
  local fingerprint = ARGV[at + 7] ~= '' and ARGV[at + 7]
  records[i] = ''
  local known = {}
  if not ended[entry] then
    known = redis.call('HMGET', work, 'revision', 'started:' .. stage, unpack(stages))
  end
  local missing, found = 0, {}
  for j = 1, #stages do
    found[j] = known[j + 2]
    if stages[j] == stage then
      found[j] = members
    elseif not found[j] then
      missing = missing + 1
    end
  end
  -- Work without a revision only notes that an entry is lost.
  if ended_by(tombstones[i], entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
    answers[i] = 'forgotten'
  elseif not known[1] then
    answers[i] = 'gone'
  elseif known[stage_at] then
    answers[i] = 'known'
  else
    add(counts, 'stage:' .. stage, 1)
    if verdict ~= '' then add(counts, 'verdict:' .. verdict, 1) end
    -- The clock may have gone back.
    if known[2] then add(durations, math.max(0, now - tonumber(known[2])), 1) end
    -- The work decides: one commit or one rejection ends an entry and removes its work.
    if closes or missing == 0 then
      records[i] = complete(entry, document_id, work, document, known[1], found, problems,
        fingerprint)
      answers[i] = 'completed'
    else
      store(work, members, problems, fingerprint)
      answers[i] = 'stored'
    end
    -- Only here: a stage result that is known or gone must not count twice.
    if data_point ~= '' then points[#points + 1] = data_point end
  end
end

if #ended_ids > 0 then
  if #scored > 0 then
    redis.call('ZADD', results, unpack(scored))
    redis.call('ZADD', by_entry, unpack(scored_by_entry))
  end
  redis.call('SREM', admitted, unpack(ended_ids))
  redis.call('XDEL', ledger, unpack(ended_ids))
  redis.call('DEL', unpack(ended_works))
  redis.call('XACK', ledger, group, unpack(ended_ids))
  add(counts, 'completed', #ended_ids)
end
if #points > 0 then redis.call('RPUSH', data_points, unpack(points)) end
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
  redis.call('ZREMRANGEBYSCORE', by_entry, '-inf', now - retention_ms)
end
return { answers, records }

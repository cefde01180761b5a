#!lua
-- Enters valid events into the work.
-- KEYS: ledger, counters, history, released, admitted, then for each event: event, work, document
-- ARGV: group, consumer, event memory in ms, result retention in ms (0: without end),
--       then for each event: entry id, record_prefix, event_prefix, span of intake (empty: none)
-- Answers for each event: admitted, known, repeated, gone or forgotten.
local ledger, counters, history = KEYS[1], KEYS[2], KEYS[3]
local released, admitted_set = KEYS[4], KEYS[5]
local group, consumer = ARGV[1], ARGV[2]
local memory_ms, retention_ms = ARGV[3], tonumber(ARGV[4])
local now = now_ms()
local namespace = namespace_of(admitted_set, ':admitted')
local count = (#KEYS - 5) / 3
local answers, counts, new, made = {}, {}, {}, {}
local events, works, documents, ids, entries = {}, {}, {}, {}, {}
for i = 1, count do
  events[i], works[i], documents[i] = KEYS[i * 3 + 3], KEYS[i * 3 + 4], KEYS[i * 3 + 5]
  ids[i] = id_in_key(namespace, documents[i])
  entries[i] = ARGV[i * 4 + 1]
end

-- Returns which of the entries the group holds. The range has all of them unless another process
-- holds entries in between.
local function pending_of()
  local pending = {}
  for _, item in ipairs(redis.call('XPENDING', ledger, group, entries[1], entries[count], count)) do
    pending[item[1]] = true
  end
  for i = 1, count do
    local entry = entries[i]
    pending[entry] = pending[entry]
      or #redis.call('XPENDING', ledger, group, entry, entry, 1) > 0
  end
  return pending
end

-- Returns whether another entry carries the event: one that ended, or one that is still there.
-- A carrier that was in work and has been removed by others is lost; the event may come again.
local function carried_by_another(carrier, entry, work)
  if not carrier or carrier == entry then return false end
  local carriers_work = string.sub(work, 1, -#entry - 1) .. carrier
  if redis.call('EXISTS', carriers_work) == 0 then return true end
  if redis.call('XRANGE', ledger, carrier, carrier)[1] then return true end
  mark_lost(carriers_work, released, carrier)
  return false
end

local function admit(i, at)
  local entry, document = entries[i], documents[i]
  local seen = redis.call('HMGET', document, 'revisions', 'newest', 'rejection')
  local revision = string.format('%.0f', (tonumber(seen[1]) or 0) + 1)
  if not seen[2] or before(seen[2], entry) then
    redis.call('HSET', document, 'revisions', revision, 'newest', entry, 'state', 'received')
    if seen[3] then redis.call('HDEL', document, 'rejection') end
  else
    redis.call('HSET', document, 'revisions', revision)
  end
  if retention_ms > 0 then redis.call('PEXPIRE', document, retention_ms) end
  local received = json_member('received_at', received_at(entry, now))
  local work = { 'record_prefix', json_merged({ ARGV[at + 1], received }),
    'event_prefix', ARGV[at + 2], 'revision', revision, 'document', ids[i] }
  if ARGV[at + 3] ~= '' then
    work[9], work[10] = 'span', ARGV[at + 3]
  end
  redis.call('HSET', works[i], unpack(work))
  made[entry] = true
  new[#new + 1] = entry
end

if count == 0 then return answers end
local pending = pending_of()
-- Also hands the entries from the intake that read them to the workers' name.
local held = claimed(ledger, group, consumer, entries)
local tombstones = tombstones_of(namespace, ids)
local carriers = redis.call('MGET', unpack(events))
local carrier_of = {}
for i = 1, count do carrier_of[events[i]] = carriers[i] end
local in_work = redis.call('EXISTS', unpack(works)) > 0

for i = 1, count do
  local event, work, entry = events[i], works[i], entries[i]
  if not pending[entry] then
    answers[i] = 'gone'
  elseif ended_by(tombstones[i], entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
    answers[i] = 'forgotten'
  elseif made[entry] or in_work and redis.call('EXISTS', work) == 1 then
    answers[i] = 'known'
  elseif carried_by_another(carrier_of[event], entry, work) then
    redis.call('XDEL', ledger, entry)
    redis.call('XACK', ledger, group, entry)
    add(counts, 'repeated', 1)
    answers[i] = 'repeated'
  else
    redis.call('SET', event, entry, 'PX', memory_ms)
    carrier_of[event] = entry
    admit(i, i * 4 + 1)
    add(counts, 'admitted', 1)
    answers[i] = 'admitted'
    if not held[entry] then
      mark_lost(work, released, entry)
      answers[i] = 'gone'
    end
  end
end
if #new > 0 then redis.call('SADD', admitted_set, unpack(new)) end
write_counts(counters, history, now, counts)
return answers

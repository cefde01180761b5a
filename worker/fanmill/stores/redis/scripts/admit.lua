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
local answers = {}
local counts = {}

-- Returns whether another entry carries the event: one that ended, or one that is still there.
-- A carrier that was in work and has been removed by others is lost; the event may come again.
local function carried_by_another(event, entry, work)
  local carrier = redis.call('GET', event)
  if not carrier or carrier == entry then return false end
  local carriers_work = string.sub(work, 1, -#entry - 1) .. carrier
  if redis.call('EXISTS', carriers_work) == 0 then return true end
  if redis.call('XRANGE', ledger, carrier, carrier)[1] then return true end
  mark_lost(carriers_work, released, carrier)
  return false
end

local function admit(entry, work, document, record_prefix, event_prefix, span)
  local revision = redis.call('HINCRBY', document, 'revisions', 1)
  local newest = redis.call('HGET', document, 'newest')
  if not newest or before(newest, entry) then
    redis.call('HSET', document, 'newest', entry, 'state', 'received')
    redis.call('HDEL', document, 'rejection')
  end
  if retention_ms > 0 then redis.call('PEXPIRE', document, retention_ms) end
  local received = json_member('received_at', received_at(entry, now))
  redis.call('HSET', work, 'record_prefix', json_merged({ record_prefix, received }),
    'event_prefix', event_prefix, 'revision', revision, 'document', id_in_key(namespace, document))
  if span ~= '' then redis.call('HSET', work, 'span', span) end
  redis.call('SADD', admitted_set, entry)
end

for i = 1, (#KEYS - 5) / 3 do
  local event, work, document = KEYS[i * 3 + 3], KEYS[i * 3 + 4], KEYS[i * 3 + 5]
  local at = i * 4 + 1
  local entry, record_prefix, event_prefix = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local pending = #redis.call('XPENDING', ledger, group, entry, entry, 1) > 0
  -- Also hands the entry from the intake that read it to the workers' name. For an entry that
  -- others have removed, the claim returns nothing and takes it off the group.
  local held = #redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'JUSTID') > 0
  if not pending then
    answers[i] = 'gone'
  elseif is_forgotten(namespace, id_in_key(namespace, document), entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
    answers[i] = 'forgotten'
  elseif redis.call('EXISTS', work) == 1 then
    answers[i] = 'known'
  elseif carried_by_another(event, entry, work) then
    redis.call('XDEL', ledger, entry)
    redis.call('XACK', ledger, group, entry)
    add(counts, 'repeated', 1)
    answers[i] = 'repeated'
  else
    redis.call('SET', event, entry, 'PX', memory_ms)
    admit(entry, work, document, record_prefix, event_prefix, ARGV[at + 3])
    add(counts, 'admitted', 1)
    answers[i] = 'admitted'
    if not held then
      mark_lost(work, released, entry)
      answers[i] = 'gone'
    end
  end
end
write_counts(counters, history, now, counts)
return answers

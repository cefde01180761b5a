#!lua
-- Enters valid events into the work.
-- KEYS: ledger, counters, then for each event: event, work, document
-- ARGV: group, consumer, event memory in ms, result retention in ms (0: for ever),
--       then for each event: entry id, record_prefix, event_prefix
-- Answers for each event: admitted, known, repeated or gone.
local ledger, counters = KEYS[1], KEYS[2]
local group, consumer = ARGV[1], ARGV[2]
local memory_ms, retention_ms = ARGV[3], tonumber(ARGV[4])
local answers = {}
local admitted, repeated = 0, 0
for i = 1, (#KEYS - 2) / 3 do
  local event, work, document = KEYS[i * 3], KEYS[i * 3 + 1], KEYS[i * 3 + 2]
  local entry, record_prefix, event_prefix = ARGV[i * 3 + 2], ARGV[i * 3 + 3], ARGV[i * 3 + 4]
  -- Also hands the entry from the intake that read it to the workers' name.
  local held = redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'JUSTID')
  if #held == 0 then
    answers[i] = 'gone'
  elseif redis.call('EXISTS', work) == 1 then
    answers[i] = 'known'
  else
    local carrier = redis.call('GET', event)
    if carrier and carrier ~= entry then
      redis.call('XACK', ledger, group, entry)
      redis.call('XDEL', ledger, entry)
      repeated = repeated + 1
      answers[i] = 'repeated'
    else
      redis.call('SET', event, entry, 'PX', memory_ms)
      local revision = redis.call('HINCRBY', document, 'revisions', 1)
      local newest = redis.call('HGET', document, 'newest')
      if not newest or before(newest, entry) then
        redis.call('HSET', document, 'newest', entry, 'state', 'received')
        redis.call('HDEL', document, 'rejection')
      end
      if retention_ms > 0 then redis.call('PEXPIRE', document, retention_ms) end
      redis.call('HSET', work, 'record_prefix', record_prefix, 'event_prefix', event_prefix, 'revision', revision)
      admitted = admitted + 1
      answers[i] = 'admitted'
    end
  end
end
if admitted > 0 then redis.call('HINCRBY', counters, 'admitted', admitted) end
if repeated > 0 then redis.call('HINCRBY', counters, 'repeated', repeated) end
return answers

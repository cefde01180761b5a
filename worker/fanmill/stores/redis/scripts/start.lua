#!lua
-- Marks entries as being worked on now: their idle time starts again at zero.
-- KEYS: ledger, released, counters, history, then the work of each entry
-- ARGV: group, consumer, stage, 1 to return events or 0, then the entry ids
-- Answers for each entry: its event or 1, the number of the attempt, and the span of intake (empty:
-- none); or false to leave the entry (gone, done before, lost, or of a forgotten document).
local ledger, released = KEYS[1], KEYS[2]
local group, consumer, stage = ARGV[1], ARGV[2], ARGV[3]
local namespace = namespace_of(released, ':released')
local answers, counts = {}, {}
local now = now_ms()
local started = string.format('%.0f', now)
local work_of, ids, documents = {}, {}, {}

for i = 1, #KEYS - 4 do
  work_of[i] = redis.call('HMGET', KEYS[i + 4], 'revision', stage, 'lost', 'document', 'span',
    'attempts:' .. stage, 'cause:' .. stage, 'released:' .. stage)
  documents[i] = work_of[i][4] or ''
end
local tombstones = tombstones_of(namespace, documents)

local needs_it = {}
for i = 1, #documents do
  local known, entry = work_of[i], ARGV[i + 4]
  answers[i] = false
  if known[4] and ended_by(tombstones[i], entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
  elseif known[1] and not known[2] and not known[3] then
    needs_it[i] = true
    ids[#ids + 1] = entry
  end
end
-- By force: another program may have acknowledged it; what is in work is the group's.
local held = claimed(ledger, group, consumer, ids, true)

local function unrelease(work, entry)
  redis.call('HDEL', work, 'cause:' .. stage, 'released:' .. stage)
  local others = redis.call('HMGET', work, 'released:deduplicate', 'released:summarize',
    'released:tag')
  if not (others[1] or others[2] or others[3]) then redis.call('SREM', released, entry) end
end

for i = 1, #documents do
  local work, known, entry = KEYS[i + 4], work_of[i], ARGV[i + 4]
  if needs_it[i] and held[entry] then
    local event = 1
    if ARGV[4] == '1' then
      local fields = redis.call('XRANGE', ledger, entry, entry)[1][2]
      event = unwrapped(fields[event_position(fields)])
    end
    local attempts = tonumber(known[6] or '0') + 1
    redis.call('HSET', work, 'attempts:' .. stage, attempts, 'started:' .. stage, started)
    if known[8] then
      unrelease(work, entry)
    elseif known[7] then
      redis.call('HDEL', work, 'cause:' .. stage)
    end
    answers[i] = { event, attempts, known[5] or '' }
  elseif needs_it[i] then
    mark_lost(work, released, entry)
  end
end
write_counts(KEYS[3], KEYS[4], now, counts)
return answers

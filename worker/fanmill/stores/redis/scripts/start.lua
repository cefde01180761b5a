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
local now = string.format('%.0f', now_ms())

local function unrelease(work, entry)
  redis.call('HDEL', work, 'cause:' .. stage)
  if redis.call('HDEL', work, 'released:' .. stage) == 0 then return end
  local others = redis.call('HMGET', work, 'released:deduplicate', 'released:summarize',
    'released:tag')
  if not (others[1] or others[2] or others[3]) then redis.call('SREM', released, entry) end
end

for i = 1, #KEYS - 4 do
  local work, entry = KEYS[i + 4], ARGV[i + 4]
  local known = redis.call('HMGET', work, 'revision', stage, 'lost', 'attempts:' .. stage, 'span',
    'document')
  answers[i] = false
  if known[6] and is_forgotten(namespace, known[6], entry) then
    end_forgotten(namespace, ledger, group, entry, counts)
  elseif known[1] and not known[2] and not known[3] then
    local found = redis.call('XRANGE', ledger, entry, entry)[1]
    if found then
      -- FORCE: another program may have acknowledged it; what is in work is the group's.
      redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'FORCE', 'JUSTID')
      local attempts = tonumber(known[4] or '0') + 1
      redis.call('HSET', work, 'attempts:' .. stage, attempts, 'started:' .. stage, now)
      unrelease(work, entry)
      local event = 1
      if ARGV[4] == '1' then event = unwrapped(found[2][event_position(found[2])]) end
      answers[i] = { event, attempts, known[5] or '' }
    else
      mark_lost(work, released, entry)
    end
  end
end
write_counts(KEYS[3], KEYS[4], now_ms(), counts)
return answers

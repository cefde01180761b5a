#!lua
-- Performs a slice of an action that replays rejections, as they are or edited.
-- KEYS: action, running actions, rejected, failed, groups, counters, history, ledger, express,
--       then for each rejection: event (or one that never exists), replayed
-- ARGV: action id, owner, cursor before the slice, cursor after it, number of rejections examined,
--       last slice (0 or 1), lease in ms, retention in ms, outcomes of those left out (JSON),
--       time in ms for which a replay is remembered, events go first (0 or 1),
--       then for each rejection: id, edited event (empty: the original)
-- Answers 1, or 0 when the slice must not be performed.
local action, running, rejected, failed, groups = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ledger, express = KEYS[8], KEYS[9]
if not may_perform(action, ARGV[2], ARGV[3]) then return 0 end
local outcomes = cjson.decode(ARGV[9])
local namespace = namespace_of(groups, ':groups')
local remembered_ms, first = ARGV[10], ARGV[11] == '1'
local replayed = 0

local function left_out(outcome)
  outcomes[outcome] = (outcomes[outcome] or 0) + 1
end

local function replay(found, id, event, marker, edited)
  local entry
  if edited ~= '' then
    entry = redis.call('XADD', ledger, '*', 'event', edited)
    -- The rejection with its original, for as long as the action is kept.
    redis.call('HSET', marker, unpack(found[2]))
    redis.call('HSET', marker, 'entry', entry, 'action', ARGV[1])
    redis.call('PEXPIRE', marker, ARGV[8])
  else
    local original = original_of(found[2])
    if #original == 0 or #original > 8000 then return left_out('no-original') end
    -- Without this the replayed event would pass for a repeat of the rejected one.
    redis.call('DEL', event)
    entry = redis.call('XADD', ledger, '*', unpack(original))
    redis.call('HSET', marker, 'entry', entry, 'action', ARGV[1])
    redis.call('PEXPIRE', marker, remembered_ms)
  end
  remember_replay(marker, id, found[2], entry, remembered_ms)
  if first then redis.call('RPUSH', express, entry) end
  remove_rejection(rejected, failed, groups, found[2], id)
  replayed = replayed + 1
end

for i = 1, (#KEYS - 9) / 2 do
  local id, edited = ARGV[i * 2 + 10], ARGV[i * 2 + 11]
  local found = redis.call('XRANGE', rejected, id, id)[1]
  if found and not is_rejection_forgotten(namespace, found[2], id) then
    replay(found, id, KEYS[i * 2 + 8], KEYS[i * 2 + 9], edited)
  else
    left_out('gone')
  end
end
outcomes.replayed = replayed
write_counts(KEYS[6], KEYS[7], now_ms(), replayed > 0 and { replayed = replayed } or {})
end_slice(action, running, { action = ARGV[1], cursor = ARGV[4], examined = ARGV[5],
  last = ARGV[6] == '1', lease_ms = tonumber(ARGV[7]), retention_ms = ARGV[8] }, outcomes, replayed)
return 1

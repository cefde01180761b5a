#!lua flags=allow-oom
-- Performs a slice of an action that drops rejections.
-- KEYS: action, running actions, rejected, failed, groups, counters, history
-- ARGV: action id, owner, cursor before the slice, cursor after it, number of rejections examined,
--       last slice (0 or 1), lease in ms, retention in ms, outcomes of those left out (JSON),
--       then the ids to drop
-- Answers 1, or 0 when the slice must not be performed.
local action, running, rejected, failed, groups = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
if not may_perform(action, ARGV[2], ARGV[3]) then return 0 end
local outcomes = cjson.decode(ARGV[9])
local dropped = 0
for i = 10, #ARGV do
  local found = redis.call('XRANGE', rejected, ARGV[i], ARGV[i])[1]
  if found then
    remove_rejection(rejected, failed, groups, found[2], ARGV[i])
    dropped = dropped + 1
  else
    outcomes.gone = (outcomes.gone or 0) + 1
  end
end
outcomes.dropped = dropped
write_counts(KEYS[6], KEYS[7], now_ms(), dropped > 0 and { dropped = dropped } or {})
end_slice(action, running, { action = ARGV[1], cursor = ARGV[4], examined = ARGV[5],
  last = ARGV[6] == '1', lease_ms = tonumber(ARGV[7]), retention_ms = ARGV[8] }, outcomes, dropped)
return 1

#!lua flags=allow-oom
-- Moves the cursor of an action that forgets documents, behind a slice that can be repeated.
-- KEYS: action, running actions, selected documents
-- ARGV: action id, owner, cursor before the slice, cursor after it, number of items examined,
--       last slice (0 or 1), lease in ms, retention in ms, outcomes (JSON), documents for the rate
-- Answers 1, or 0 when another process has moved it.
local action, running = KEYS[1], KEYS[2]
if not may_perform(action, ARGV[2], ARGV[3]) then return 0 end
local last = ARGV[6] == '1'
end_slice(action, running, { action = ARGV[1], cursor = ARGV[4], examined = ARGV[5],
  last = last, lease_ms = tonumber(ARGV[7]), retention_ms = ARGV[8] }, cjson.decode(ARGV[9]),
  tonumber(ARGV[10]))
if last then
  redis.call('DEL', KEYS[3])
  if redis.call('HEXISTS', action, 'aborting') == 1 then
    redis.call('HSET', action, 'state', 'aborted')
  end
end
return 1

#!lua flags=allow-oom
-- Claims the running actions without owner, those of a silent owner, and renews the process's own.
-- KEYS: actions, running actions; ARGV: owner, lease in ms, the only action to claim (empty: all)
-- Answers with the ids of those that are due now; their rate holds back the others.
local actions, running, owner = KEYS[1], KEYS[2], ARGV[1]
local now = now_ms()
local due = {}
local ids = { ARGV[3] }
if ARGV[3] == '' then ids = redis.call('SMEMBERS', running) end
for _, id in ipairs(ids) do
  local action = actions .. ':' .. id
  local seen = redis.call('HMGET', action, 'state', 'owner', 'lease', 'due')
  if seen[1] ~= 'running' then
    redis.call('SREM', running, id)
  elseif seen[2] == '' or seen[2] == owner or tonumber(seen[3]) < now then
    redis.call('HSET', action, 'owner', owner,
      'lease', string.format('%.0f', now + tonumber(ARGV[2])))
    if tonumber(seen[4]) <= now then due[#due + 1] = id end
  end
end
return due

#!lua
-- Marks entries as being worked on now: their idle time starts again at zero.
-- KEYS: ledger, then the work of each entry
-- ARGV: group, consumer, stage, then the entry ids
-- Answers for each entry: 1 run this stage, 0 leave it (gone, or done before).
local ledger = KEYS[1]
local group, consumer, stage = ARGV[1], ARGV[2], ARGV[3]
local answers = {}
for i = 1, #KEYS - 1 do
  local work, entry = KEYS[i + 1], ARGV[i + 3]
  answers[i] = 0
  if redis.call('EXISTS', work) == 1 and redis.call('HEXISTS', work, stage) == 0 then
    local held = redis.call('XCLAIM', ledger, group, consumer, 0, entry, 'JUSTID')
    if #held == 1 then
      if redis.call('HINCRBY', work, 'attempts:' .. stage, 1) > 1 then
        redis.call('HDEL', work, 'cause:' .. stage, 'released:' .. stage)
      end
      answers[i] = 1
    end
  end
end
return answers

#!lua flags=allow-oom
-- Counts a call of a store that failed.
-- KEYS: counters, history; ARGV: sink
write_counts(KEYS[1], KEYS[2], now_ms(), { ['sink-errors:' .. ARGV[1]] = 1 })
return 1

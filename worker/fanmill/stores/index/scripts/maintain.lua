#!lua flags=allow-oom
-- Expire and free a step: ARGV 1 horizon ms, 2 generations, 3 most documents,
-- 4 now in ms or '', 5 pages to sweep. Returns 1 while there is more to free.

load_state()
size_pages()
expire(now_ms(ARGV[4]), tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
sweep(tonumber(ARGV[5]))
save_state()
if (S.freed + 1) * CHUNK <= S.oldest then return 1 end
return 0

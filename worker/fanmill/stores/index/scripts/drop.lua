#!lua flags=allow-oom
-- Delete some keys of an index: ARGV 1 from which, 2 how many. Returns the next
-- to delete, or -1 when all are gone (the state goes last).

load_state()
size_pages()
local from, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local chunks = math.ceil(S.next / CHUNK) - S.freed
local stop = math.min(from + most, full + chunks)
for i = from, stop - 1 do
  if i < full then
    call('UNLINK', page_key(i))
  else
    local c = string.format('%.0f', S.freed + i - full)
    call('UNLINK', PREFIX .. 'r' .. c, PREFIX .. 'i' .. c, PREFIX .. 'm' .. c)
  end
end
if stop < full + chunks then return stop end
each_generation(function(start)
  call('UNLINK', PREFIX .. 'v' .. string.format('%.0f', start))
end)
call('UNLINK', PREFIX .. 'b0', PREFIX .. 'b1', PREFIX .. 'b2', KEYS[1])
return -1

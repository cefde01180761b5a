#!lua flags=no-writes
-- Counts and a sample of sizes: ARGV 1 how many pages and chunks to look at.
-- Returns {next, oldest, dead, evicted, entries, pages, generations (text),
-- chunks, bytes}; bytes are extrapolated from the sample.

load_state()
size_pages()
local most = tonumber(ARGV[1])
local function bytes_of(key) return call('MEMORY', 'USAGE', key, 'SAMPLES', '0') or 0 end
local function sampled(first, stop, measure)
  local total, looked = 0, 0
  local step = math.max(1, floor((stop - first) / most))
  for i = first, stop - 1, step do
    total = total + measure(string.format('%.0f', i))
    looked = looked + 1
  end
  return looked == 0 and 0 or total / looked * (stop - first)
end
local last = math.ceil(S.next / CHUNK)
local bytes = bytes_of(KEYS[1])
  + sampled(0, full, function(i) return bytes_of(PREFIX .. 'p' .. i) end)
  + sampled(S.freed, last, function(i)
    return bytes_of(PREFIX .. 'r' .. i) + bytes_of(PREFIX .. 'i' .. i)
      + bytes_of(PREFIX .. 'm' .. i)
  end)
local lines = bytes_of(PREFIX .. 'b0') + bytes_of(PREFIX .. 'b1') + bytes_of(PREFIX .. 'b2')
local dead, generations = 0, {}
each_generation(function(start, stop, first)
  dead = dead + tonumber(call('HGET', KEYS[1], 'dead:' .. string.format('%.0f', start)) or 0)
  bytes = bytes + bytes_of(PREFIX .. 'v' .. string.format('%.0f', start))
  generations[#generations + 1] = string.format('%.0f:%.0f:%.0f', start, stop, first)
end)
return {S.next, S.oldest, dead, S.evicted, S.entries, full, table.concat(generations, ' '),
  last - S.freed, floor(bytes), lines}

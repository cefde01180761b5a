-- Put in front of every other script: keys, the state of the index, pages of entries,
-- records. Layout and sizes: stores/index/README.md.
--
-- Under memory pressure the server refuses a script without flags before it starts, so that
-- no batch is stored by half; those that free memory may run.
--
-- KEYS[1] is the state hash; all other keys are its name with another ending,
-- so they carry the same hash tag and live on the same node.

local call = redis.call
local sub, byte, find, rep, char = string.sub, string.byte, string.find, string.rep, string.char
local floor = math.floor
local unpack_bytes, pack_bytes = struct.unpack, struct.pack
local bxor, band, rshift = bit.bxor, bit.band, bit.rshift

local PREFIX = sub(KEYS[1], 1, -6) -- without "state"
local RECORD, CHUNK = 78, 209      -- 209 records and a header fill a 16 KB allocation
local RING = 16777215              -- numbers in an entry are 1 .. RING, 0 is free space
local ENTRY = 5                    -- 3 bytes of number, 2 of key
local PAGE_TARGET = 220            -- mean entries a page; above, the next page is split
local FIRST_LEVEL = 12             -- 4096 pages at the start, made when first used
local HOT, HOT_WIDE = 64, 8        -- entries of one key that are kept, the newest
-- Allocations that jemalloc does not round: a page grows from one to the next.
local CLASSES = {64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024,
  1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 5120, 6144, 7168, 8192}

local UNIQUE, SHORT, EXACT, SUPERSEDED, FORGOTTEN = 1, 2, 3, 8, 9

-- State -------------------------------------------------------------------

-- Numbers are kept as 13 doubles in one field: at batches of one, reading and
-- writing 13 fields as text would cost a fifth of the whole script.
local NUMBERS = '>ddddddddddddd'
local S = {}

local function load_state()
  local values = call('HMGET', KEYS[1], 'numbers', 'generations')
  S.gens = values[2] or ''
  S.gens_saved = S.gens
  if values[1] then
    S.next, S.oldest, S.level, S.split, S.entries, S.freed, S.swept, S.gen_start, S.gen_end,
      S.lines_table, S.lines_new, S.lines_start, S.evicted = unpack_bytes(NUMBERS, values[1])
  else
    S.next, S.oldest, S.level, S.split, S.entries, S.freed, S.swept, S.gen_start, S.gen_end,
      S.lines_table, S.lines_new, S.lines_start, S.evicted = 0, 0, FIRST_LEVEL, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0
  end
end

local function save_state()
  call('HSET', KEYS[1], 'numbers', pack_bytes(NUMBERS, S.next, S.oldest, S.level, S.split,
    S.entries, S.freed, S.swept, S.gen_start, S.gen_end, S.lines_table, S.lines_new,
    S.lines_start, S.evicted))
  if S.gens ~= S.gens_saved then call('HSET', KEYS[1], 'generations', S.gens) end
end

local function now_ms(given)
  if given ~= '' then return tonumber(given) end
  local t = call('TIME')
  return t[1] * 1000 + floor(t[2] / 1000)
end

-- Generations: "start:end:first;" each, oldest first; times in ms, first = first number.
local function each_generation(f)
  for start, stop, first in string.gmatch(S.gens, '(%d+):(%d+):(%d+);') do
    f(tonumber(start), tonumber(stop), tonumber(first))
  end
end

local function expire(now, horizon, steps, most)
  local length = floor(horizon / steps)
  if S.gens == '' or now >= S.gen_start + length then
    -- A generation ends when it would have, not when its successor starts:
    -- after a pause its documents are old.
    S.gen_start = now
    S.gens = S.gens .. string.format('%.0f:%.0f:%.0f;', now, now + length, S.next)
  end
  if S.next - S.oldest > most then
    S.evicted = S.evicted + S.next - most - S.oldest
    S.oldest = S.next - most
  end
  if now - horizon < S.gen_end then return end -- the oldest one still counts
  local kept, gone, oldest = {}, {}, S.next
  each_generation(function(start, stop, first)
    if stop <= now - horizon then
      gone[#gone + 1] = start
    else
      kept[#kept + 1] = string.format('%.0f:%.0f:%.0f;', start, stop, first)
      if #kept == 1 then oldest, S.gen_end = first, stop end
    end
  end)
  if #gone > 0 then
    S.gens = table.concat(kept)
    for i = 1, #gone do
      call('UNLINK', PREFIX .. 'v' .. string.format('%.0f', gone[i]))
      call('HDEL', KEYS[1], 'dead:' .. string.format('%.0f', gone[i]))
    end
    if oldest > S.oldest then S.oldest = oldest end
  end
end

-- Records -----------------------------------------------------------------

local function ring(number) return number % RING + 1 end
local function number_of(short) return S.next - 1 - (S.next - short) % RING end

local function chunk_key(kind, number)
  return PREFIX .. kind .. floor(number / CHUNK) -- exact up to 10^14
end

local function read_record(number)
  local at = (number % CHUNK) * RECORD
  return call('GETRANGE', chunk_key('r', number), at, at + RECORD - 1)
end

local function write_record(number, offset, data)
  call('SETRANGE', chunk_key('r', number), (number % CHUNK) * RECORD + offset, data)
end

local function document_id(number)
  if number < S.oldest then return '' end
  return call('LINDEX', chunk_key('i', number), number % CHUNK) or ''
end

local function number_bytes(number)
  local short = ring(number)
  return char(floor(short / 65536), floor(short / 256) % 256, short % 256)
end

-- A duplicate's record, after status, size, digest and ledger entry (14 bytes):
-- original (double), Jaccard and containment in 1/10000 (2 * 2), next older member (double).
-- A superseded record has the number of its successor (double) behind that.
local function original_of(record) return (unpack_bytes('>d', record, 15)) end
local function older_of(record) return (unpack_bytes('>d', record, 27)) end
local function successor_of(record) return (unpack_bytes('>d', record, 35)) end
local DETAILS = 42

-- Pages: free space (zeros), then entries, the newest first ------------------

local pages, full -- number of pages at the level, pages in all

local function size_pages()
  pages = 2 ^ S.level
  full = pages + S.split
end

local function address(tag, base)
  local h = tag * 4096 + base
  local a = h % pages
  if a < S.split then a = h % (2 * pages) end
  return a
end

local PAGE = PREFIX .. 'p'
local function page_key(a) return PAGE .. a end -- exact: addresses are below 2^28

-- Position of the first entry; the number of a page's first entry is never 0.
local function first_entry(page)
  local _, zeros = find(page, '^%z*')
  return floor(zeros / ENTRY) * ENTRY + 1
end

local function capacity(bytes)
  for i = 1, #CLASSES do
    local room = floor((CLASSES[i] - 6) / ENTRY) * ENTRY
    -- No more free space than needed for a dozen entries: finding its end costs.
    if room >= bytes then return math.min(room, bytes + 12 * ENTRY) end
  end
  return floor((floor(bytes / 1024) + 1) * 1024 / ENTRY) * ENTRY
end

local function store_page(key, live)
  if live == '' then
    call('UNLINK', key)
  else
    call('SET', key, rep('\0', capacity(#live) - #live) .. live)
  end
end

-- Short numbers of the entries of a key, newest first, and the place of the oldest.
local function matches(page, tag, found)
  local count, last, at = 0, nil, find(page, tag, 4, true)
  while at do
    if at % ENTRY == 4 then
      local a, b, c = byte(page, at - 3, at - 1)
      local short = a * 65536 + b * 256 + c
      if short > 0 then -- not free space
        count = count + 1
        found[count] = short
        last = at - 3
      end
    end
    at = find(page, tag, at + 1, true)
  end
  return count, last
end

-- Bytes of live entries: expired ones are at the end, numbers fall.
local function live_end(page, first)
  local low, high = 0, (#page - first + 1) / ENTRY
  while low < high do
    local middle = floor((low + high) / 2)
    local a, b, c = byte(page, first + middle * ENTRY, first + middle * ENTRY + 2)
    if number_of(a * 65536 + b * 256 + c) >= S.oldest then low = middle + 1 else high = middle end
  end
  return first + low * ENTRY - 1
end

local function insert_entry(key, page, entry, evict)
  if evict then
    store_page(key, entry .. sub(page, first_entry(page), evict - 1) .. sub(page, evict + ENTRY))
    return
  end
  S.entries = S.entries + 1
  if not page then
    store_page(key, entry)
    return
  end
  local _, zeros = find(page, '^%z*')
  if zeros >= ENTRY then
    call('SETRANGE', key, zeros - zeros % ENTRY - ENTRY, entry)
    return
  end
  local first = 1
  local stop = live_end(page, first)
  S.entries = S.entries - (#page - stop) / ENTRY
  store_page(key, entry .. sub(page, first, stop))
end

local function split_page()
  local from = page_key(S.split)
  local page = call('GET', from)
  if page then
    local first = first_entry(page)
    local stop = live_end(page, first)
    local stay, move, s, m = {}, {}, 0, 0
    -- The next bit of the address; the lowest of it are not in the entry.
    local shift = 2 ^ (S.level - FIRST_LEVEL)
    for from = first, stop, 200 * ENTRY do -- as many bytes at once as the stack takes
      local bytes = {byte(page, from, math.min(from + 200 * ENTRY - 1, stop))}
      for i = 1, #bytes, ENTRY do
        local at = from + i - 1
        if floor((bytes[i + 3] * 256 + bytes[i + 4]) / shift) % 2 == 1 then
          m = m + 1
          move[m] = sub(page, at, at + 4)
        else
          s = s + 1
          stay[s] = sub(page, at, at + 4)
        end
      end
    end
    S.entries = S.entries - (#page - stop) / ENTRY
    store_page(from, table.concat(stay))
    store_page(page_key(S.split + pages), table.concat(move))
  end
  S.split = S.split + 1
  if S.split == pages then
    S.split = 0
    S.level = S.level + 1
  end
  size_pages()
end

-- Free what has expired: whole chunks, and the ends of a few pages.
local function sweep(most_pages)
  local chunks = 0
  while (S.freed + 1) * CHUNK <= S.oldest and chunks < 8 + most_pages do
    local c = string.format('%.0f', S.freed)
    call('UNLINK', PREFIX .. 'r' .. c, PREFIX .. 'i' .. c, PREFIX .. 'm' .. c)
    S.freed = S.freed + 1
    chunks = chunks + 1
  end
  if S.oldest == 0 then return end
  for _ = 1, math.min(most_pages, full) do
    if S.swept >= full then S.swept = 0 end
    local key = page_key(S.swept)
    local page = call('GET', key)
    if page then
      local first = first_entry(page)
      local stop = live_end(page, first)
      if stop < #page then
        S.entries = S.entries - (#page - stop) / ENTRY
        store_page(key, sub(page, first, stop))
      end
    end
    S.swept = S.swept + 1
  end
end

-- Documents ---------------------------------------------------------------

-- Number and record of a document, or nil. `tag` is 2 bytes of its key.
local function find_document(id, tag, page)
  if not page then return nil end
  local found = {}
  for i = 1, matches(page, tag, found) do
    local number = number_of(found[i])
    if number >= S.oldest and document_id(number) == id then
      local record = read_record(number)
      local status = byte(record)
      if status ~= SUPERSEDED and status ~= FORGOTTEN then return number, record end
    end
  end
  return nil
end

local function cluster_entry(original)
  local value = call('HGET', chunk_key('m', original), original % CHUNK)
  if not value then return nil, 0 end
  return unpack_bytes('>dI', value)
end

local function set_cluster(original, head, count)
  call('HSET', chunk_key('m', original), original % CHUNK, pack_bytes('>dI', head, count))
end

-- Current number of a cluster's original, after its revisions.
local function present_original(number)
  while number >= S.oldest do
    local record = read_record(number)
    if byte(record) ~= SUPERSEDED then return number end
    local successor = successor_of(record)
    if successor <= number then return number end
    number = successor
  end
  return number
end

-- Take a document out: it no longer leads, is no longer found, and leaves its cluster.
local function retire(number, record, status, successor)
  local was = byte(record)
  if was >= EXACT then
    local original = present_original(original_of(record))
    if original >= S.oldest then
      local head, count = cluster_entry(original)
      if head then
        if count <= 1 then
          call('HDEL', chunk_key('m', original), original % CHUNK)
        else
          set_cluster(original, head, count - 1)
        end
      end
    end
  end
  -- Members older in the chain are reached through this record: keep its link.
  local older = was >= EXACT and older_of(record) or -1
  write_record(number, 0, char(status) .. rep('\0', 13) .. pack_bytes('>d', -1) .. '\0\0\0\0'
    .. pack_bytes('>d', older) .. pack_bytes('>d', successor) .. rep('\0', RECORD - DETAILS))
  local born
  each_generation(function(start, _, first)
    if first <= number then born = start end
  end)
  if born then
    call('HINCRBY', KEYS[1], 'dead:' .. string.format('%.0f', born), 1)
  end
end

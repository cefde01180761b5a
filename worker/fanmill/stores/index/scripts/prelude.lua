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

local function evict_above(most)
  if S.next - S.oldest > most then
    S.evicted = S.evicted + S.next - most - S.oldest
    S.oldest = S.next - most
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
  evict_above(most)
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

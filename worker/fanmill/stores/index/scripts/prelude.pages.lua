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

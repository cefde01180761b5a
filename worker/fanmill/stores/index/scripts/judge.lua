#!lua
-- Judge a batch of documents and insert them, in order.
--
-- ARGV: 1 parameters and limits, packed (wire.py: head); 2 now in ms, '' = the
-- server's; 3 ...: one blob a document (wire.py: encode).
-- Returns one blob for each document that was judged: all up to the first whose fingerprint
-- takes other lines for boilerplate than are boilerplate now.

local function ten_thousandths(x) return floor(x * 10000 + 0.5) end

-- status, flags (1 = redelivered, 2 = superseded since), Jaccard, containment, original's id
local function answer(record, flags)
  local status = byte(record)
  if status < EXACT then return pack_bytes('>BBHH', status, flags, 0, 0) end
  local jaccard, containment = unpack_bytes('>HH', record, 23)
  return pack_bytes('>BBHH', status, flags, jaccard, containment)
    .. document_id(original_of(record))
end

-- The stored verdict of an earlier revision, or nil.
local function earlier_verdict(id, event)
  local verdict
  each_generation(function(start)
    local past = call('HGET', PREFIX .. 'v' .. string.format('%.0f', start), id)
    for at = 1, past and #past or 0, DETAILS do
      if sub(past, at + 7, at + 13) == event then
        verdict = answer(sub(past, at, at + DETAILS - 1), 3)
      end
    end
  end)
  return verdict
end

local function keep_verdict(id, record)
  local newest
  each_generation(function(start) newest = start end)
  local key = PREFIX .. 'v' .. string.format('%.0f', newest)
  call('HSET', key, id, (call('HGET', key, id) or '') .. sub(record, 1, DETAILS))
end

-- Places of the document at hand, reused from one to the next:
-- 1 the id, 2 the digest, 3 ... the bands of the content, then those of the whole text.
local names, tags, hot, found = {}, {}, {}, {}
local KEYS_FORMAT = '>' .. rep('I4', BANDS)

-- Places of the keys that stand one after the other in a blob, behind the first `count` places.
-- `address` and `page_key` are written out here: ten calls of each cost a tenth of a judgement.
local function place(values, count, blob, at)
  local split, once, twice = S.split, pages, 2 * pages
  for b = 1, #values do
    local value = values[b]
    local base = value % 65536
    local h = (value - base) / 16 + base
    local a = h % once
    if a < split then a = h % twice end
    local i = count + b
    names[i], tags[i], hot[i] = PAGE .. a, sub(blob, at, at + 1), false
    at = at + 4
  end
  return count + #values
end

-- Read a view of the text: its size, the place of its sketches, and its keys into places.
local content, full_text = {}, {}
local function read_view(view, blob, at, count)
  view.size, view.first, view.sketches = unpack_bytes('>HBB', blob, at)
  view.at, view.known, view.seen = at + 4, nil, nil
  at = at + 4 + 64 * view.sketches
  -- struct.unpack gives the next position, too: one more than there are bands.
  local values = {unpack_bytes(KEYS_FORMAT, blob, at)}
  values[BANDS + 1] = nil
  return at + 4 * BANDS, place(values, count, blob, at)
end

local function judge(blob)
  evict_above(MAX_DOCUMENTS)
  local id_key, digest_key, flags = unpack_bytes('>I4I4B', blob)
  local has_content, has_full = flags % 2 == 1, floor(flags / 2) % 2 == 1
  local own = sub(blob, 10, 87)
  local at, count = 88, place({id_key, digest_key}, 0, blob, 1)
  if has_content then at, count = read_view(content, blob, at, count) end
  local inserted = count
  if has_full then at, count = read_view(full_text, blob, at, count) end
  local line_count = unpack_bytes('>H', blob, at)
  local id = sub(blob, at + 2 + 6 * line_count)
  names[count + 1] = TOMBSTONE .. id
  local page = call('MGET', unpack(names, 1, count + 1))

  -- 1. Forgotten, the same entry again, a revision, or one that its revision has overtaken?
  local late = false
  local event = sub(own, 8, 14)
  if page[count + 1] and before(event, page[count + 1]) then return answer(own, 2) end
  local old, old_record = find_document(id, tags[1], page[1])
  if old then
    local there = sub(old_record, 8, 14)
    if there == event then return answer(old_record, 1) end
    local verdict = earlier_verdict(id, event)
    if verdict then return verdict end
    late = before(event, there)
  end
  local lines = read_lines(blob, at + 2, line_count)
  if flags >= 4 and not up_to_date(lines) then return nil end

  -- 2. The same text?
  local original, status, jaccard, containment
  for i = 1, page[2] and matches(page[2], tags[2], found) or 0 do
    local number = number_of(found[i])
    if number >= S.oldest and number ~= old then
      local record = read_record(number)
      if byte(record) <= SHORT and sub(record, 4, 7) == sub(own, 4, 7) then
        original, status, jaccard, containment = number, EXACT, 1, 1
      end
    end
  end

  local best_share, contained
  local crowded = false
  if has_content then
    local hits, candidates, whole_hits
    for b = 3, count do
      local n, last = 0, nil
      if page[b] then n, last = matches(page[b], tags[b], found) end
      if n > 0 then
        if not hits then hits, candidates, whole_hits = {}, {}, {} end
        if (b - 3) % BANDS >= BANDS - WIDE then
          if n >= HOT_WIDE then n, hot[b] = HOT_WIDE, last end
        else
          if n >= HOT then hot[b] = last end
          if n >= HOT / 4 then crowded = true end
        end
        for k = 1, n do
          local short = found[k]
          local h = hits[short]
          if not h then candidates[#candidates + 1] = short end
          hits[short] = (h or 0) + 1
          if b > 2 + BANDS then whole_hits[short] = (whole_hits[short] or 0) + 1 end
        end
      end
    end
    if hits and not original then
      if #candidates > VERIFIED then
        table.sort(candidates, function(x, y)
          if hits[x] ~= hits[y] then return hits[x] > hits[y] end
          return number_of(x) > number_of(y)
        end)
      end
      for c = 1, math.min(#candidates, VERIFIED) do
        local number = number_of(candidates[c])
        local record = number >= S.oldest and number ~= old and read_record(number) or ''
        if byte(record) == UNIQUE and sub(record, 4, 7) == sub(own, 4, 7) then
          original, status, jaccard, containment = number, EXACT, 1, 1
          break
        elseif byte(record) == UNIQUE then
          local whole = whole_hits[candidates[c]] or 0
          local own_bands = hits[candidates[c]] - whole
          for view = 1, has_full and 2 or 1 do
            local how, j, c = repeats(blob, view == 1 and content or full_text, record,
              view == 1 and own_bands or whole, lines, view == 1)
            if how == 'jaccard' then
              if not jaccard or j > jaccard or (j == jaccard and number < original) then
                original, status, jaccard, containment = number, 3 + view, j, c
              end
            elseif how == 'containment' then
              if not contained or c > best_share or (c == best_share and number < contained[1]) then
                best_share, contained = c, {number, 5 + view, j, c}
              end
            end
          end
        end
      end
      if not original and contained then
        original, status, jaccard, containment = contained[1], contained[2], contained[3], contained[4]
      end
    end
  end

  -- 3. Overtaken: judged, remembered for the next delivery, and nothing else.
  if late then
    if original then
      own = char(status) .. sub(own, 2, 14) .. pack_bytes('>dHHd', original,
        ten_thousandths(jaccard), ten_thousandths(containment), -1)
    end
    keep_verdict(id, own .. rep('\0', RECORD - #own))
    return answer(own, 2)
  end

  -- 4. Insert.
  local number = S.next
  local own_cluster
  if old then
    keep_verdict(id, old_record)
    local successor = -1
    if not original and byte(old_record) <= SHORT then
      own_cluster = sub(old_record, 4, 7) == sub(own, 4, 7) or (has_content
        and byte(old_record) == UNIQUE
        and compared(blob, content, old_record, 0) >= MIN_JACCARD)
      if own_cluster then successor = number end
    end
    retire(old, old_record, SUPERSEDED, successor)
  end
  S.next = number + 1
  if number % CHUNK == 0 then
    call('SETRANGE', chunk_key('r', number), CHUNK * RECORD - 1, '\0')
  end
  if original then
    local head, members = cluster_entry(original)
    own = char(status) .. sub(own, 2, 14) .. pack_bytes('>dHHd', original,
      ten_thousandths(jaccard), ten_thousandths(containment), head or -1)
    set_cluster(original, number, members + 1)
    inserted = 1 -- a duplicate is found by its id only
  elseif own_cluster then
    local head, members = cluster_entry(old)
    if head then
      call('HDEL', chunk_key('m', old), old % CHUNK)
      set_cluster(number, head, members)
    end
  end
  write_record(number, 0, own)
  call('RPUSH', chunk_key('i', number), id)
  local short = number_bytes(number)
  -- An equal text has equal bands, so the digest needs an entry of its own only
  -- if the bands are of a part of the text, or shared with many, or missing.
  local skipped = has_content and not has_full and not crowded and 2
  for i = 1, inserted do
    if i ~= skipped then
      local name, now, evict = names[i], page[i], hot[i]
      for k = 1, i - 1 do
        if names[k] == name and k ~= skipped then -- two keys of this document on one page
          now, evict = call('GET', name), false
        end
      end
      insert_entry(name, now, short .. tags[i], evict)
    end
  end
  if not original then count_lines(lines) end
  while S.entries > PAGE_TARGET * full and S.level < 27 do split_page() end
  return answer(own, 0)
end

-- A worker that opened the index before it was rebuilt with other parameters
-- must not go on beside it. `current` begins with the digest.
local digest = sub(PREFIX, -9, -2)
local in_use = call('GETRANGE', sub(PREFIX, 1, -10) .. 'current', 0, 7)
if in_use ~= '' and in_use ~= digest then
  return redis.error_reply('PARAMETERS the index was rebuilt with others')
end
load_state()
size_pages()
local now = now_ms(ARGV[2])
expire(now, HORIZON, GENERATIONS, MAX_DOCUMENTS)
if S.lines_start == 0 then S.lines_start = now end
if now - S.lines_start > HORIZON / 2 then
  call('UNLINK', PREFIX .. 'b' .. (S.lines_table - 1) % 3)
  S.lines_table = S.lines_table + 1
  S.lines_new, S.lines_start = 0, now
end
local answers = {}
for i = 3, #ARGV do
  local answered = judge(ARGV[i])
  if not answered then break end
  answers[i - 2] = answered
end
sweep(math.ceil(#answers / 8))
save_state()
return answers

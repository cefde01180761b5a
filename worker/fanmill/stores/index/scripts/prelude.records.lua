-- Records of documents -----------------------------------------------------

local TOMBSTONE = PREFIX .. 't' -- and the id of a forgotten document

-- Whether ledger entry a was written before b (7 bytes each).
local function before(a, b)
  local a_high, a_low = unpack_bytes('>I4I3', a)
  local b_high, b_low = unpack_bytes('>I4I3', b)
  return a_high < b_high or (a_high == b_high and a_low < b_low)
end

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

-- Tombstones of forgotten documents.

-- Returns the namespace, given one of its keys and what follows the namespace in it.
local function namespace_of(key, ending)
  return string.sub(key, 1, -#ending - 1)
end

-- Returns the id of a document, given its key.
local function id_in_key(namespace, document)
  return string.sub(document, #namespace + #':document:' + 1)
end

-- Returns the tombstone of each of these documents, or false.
local function tombstones_of(namespace, document_ids)
  local keys = {}
  for i = 1, #document_ids do keys[i] = namespace .. ':forgotten:' .. document_ids[i] end
  return #keys > 0 and redis.call('MGET', unpack(keys)) or keys
end

-- Returns whether a document was forgotten after an entry had come, given its tombstone. A tombstone
-- begins with its time in ms. An event that comes later begins a new life of the document.
local function ended_by(tombstone, entry)
  return tombstone and milliseconds_of(entry) < tonumber(string.match(tombstone, '^%d+'))
end

-- Returns whether a document was forgotten after an entry had come.
local function is_forgotten(namespace, document_id, entry)
  return ended_by(tombstones_of(namespace, { document_id })[1], entry)
end

-- Ends an entry of a forgotten document: neither a record nor a rejection remains.
local function end_forgotten(namespace, ledger, group, entry, counts)
  redis.call('SREM', namespace .. ':released', entry)
  redis.call('SREM', namespace .. ':admitted', entry)
  local there = redis.call('XDEL', ledger, entry)
  redis.call('DEL', namespace .. ':work:' .. entry)
  redis.call('XACK', ledger, group, entry)
  if there > 0 then add(counts, 'forgotten', 1) end
end

-- Returns whether the document of a rejection was forgotten after its event had come, given the
-- fields of the rejection.
local function is_rejection_forgotten(namespace, fields, rejected_id)
  local read, event = pcall(cjson.decode, fields[2])
  local data = read and type(event) == 'table' and event.data
  local document_id = type(data) == 'table' and data.document_id
  if type(document_id) ~= 'string' then return false end
  local entry = type(event.id) == 'string' and halves_of(event.id) and event.id or rejected_id
  return is_forgotten(namespace, document_id, entry)
end

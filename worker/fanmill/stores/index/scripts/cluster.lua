#!lua flags=no-writes
-- The cluster of a document: ARGV 1 its id, 2 the key of its id, 3 most members.
-- Returns false if unknown, else {id of the original or '', members in all, member ids, oldest first}.

load_state()
size_pages()
local tag, base = unpack_bytes('>HH', ARGV[2])
local page = call('GET', page_key(address(tag, base)))
if not page then return false end
local number, record = find_document(ARGV[1], sub(ARGV[2], 1, 2), page)
if not number then return false end
local original = number
if byte(record) >= EXACT then original = present_original(original_of(record)) end
if original < S.oldest then return {'', 1, {ARGV[1]}} end
local head, count = cluster_entry(original)
local ids, most = {}, tonumber(ARGV[3])
while head and head >= S.oldest and #ids < most do
  local member = read_record(head)
  local status = byte(member)
  if status >= EXACT and status < SUPERSEDED then
    table.insert(ids, 1, document_id(head))
  end
  head = older_of(member)
end
return {document_id(original), count, ids}

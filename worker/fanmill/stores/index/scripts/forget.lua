#!lua flags=allow-oom
-- Forget a document: ARGV 1 its id, 2 the key of its id (4 bytes), 3 the ledger entry
-- that must have put it there (7 bytes), '' for any.
-- Returns 1 if it was known, 0 if not. Nothing of it stays but the number it had.

load_state()
size_pages()
local id = ARGV[1]
local tag, base = unpack_bytes('>HH', ARGV[2])
local page = call('GET', page_key(address(tag, base)))
local number, record
if page then number, record = find_document(id, sub(ARGV[2], 1, 2), page) end
if ARGV[3] ~= '' and (not number or sub(record, 8, 14) ~= ARGV[3]) then return 0 end
local known = 0
if page then -- its earlier revisions, too
  local found = {}
  for i = 1, matches(page, sub(ARGV[2], 1, 2), found) do
    local each = number_of(found[i])
    if each >= S.oldest and document_id(each) == id then
      known = 1
      if each ~= number then call('LSET', chunk_key('i', each), each % CHUNK, '') end
    end
  end
end
if number then
  retire(number, record, FORGOTTEN, -1)
  call('LSET', chunk_key('i', number), number % CHUNK, '')
end
each_generation(function(start)
  call('HDEL', PREFIX .. 'v' .. string.format('%.0f', start), id)
end)
return known

#!lua flags=allow-oom
-- Forget a document: ARGV 1 its id, 2 the key of its id (4 bytes), 3 the ledger entry
-- that must have put it there (7 bytes), '' for any; 4 a ledger entry (7 bytes): forget what
-- earlier ones put there, and refuse them from now on, '' for all; 5 ms for which they are refused.
-- Returns 1 if it was known, 0 if not. Nothing of it stays but the number it had.

load_state()
size_pages()
local id, edge = ARGV[1], ARGV[4]
local tag, base = unpack_bytes('>HH', ARGV[2])
local page = call('GET', page_key(address(tag, base)))
local number, record
if page then number, record = find_document(id, sub(ARGV[2], 1, 2), page) end
if ARGV[3] ~= '' and (not number or sub(record, 8, 14) ~= ARGV[3]) then return 0 end
if edge ~= '' then
  local refused = call('GET', TOMBSTONE .. id)
  if not refused or before(refused, edge) then
    call('SET', TOMBSTONE .. id, edge, 'PX', ARGV[5])
  else
    call('PEXPIRE', TOMBSTONE .. id, ARGV[5])
  end
end
local stays = edge ~= '' and number and not before(sub(record, 8, 14), edge)
local known = 0
if page then -- its earlier revisions, too
  local found = {}
  for i = 1, matches(page, sub(ARGV[2], 1, 2), found) do
    local each = number_of(found[i])
    if each >= S.oldest and document_id(each) == id and not (stays and each == number) then
      known = 1
      if each ~= number then call('LSET', chunk_key('i', each), each % CHUNK, '') end
    end
  end
end
if number and not stays then
  retire(number, record, FORGOTTEN, -1)
  call('LSET', chunk_key('i', number), number % CHUNK, '')
end
each_generation(function(start)
  call('HDEL', PREFIX .. 'v' .. string.format('%.0f', start), id)
end)
return known

-- How one text repeats another, by their similarity and by the lines that they share. The sums
-- of core/dedup/similarity.py, in their order.

-- Shingles inside runs of lines that at least `documents` earlier documents have.
local function shared_shingles(lines, documents, content)
  local shingles, run = 0, 0
  for i = 1, lines.count do
    if not (content and lines.fields[3 * i - 2] >= 4) then
      if lines.seen[i] >= documents then
        run = run + lines.fields[3 * i]
      else
        if run >= SHINGLE then shingles = shingles + run - SHINGLE + 1 end
        run = 0
      end
    end
  end
  if run >= SHINGLE then shingles = shingles + run - SHINGLE + 1 end
  return shingles
end

-- Similarity without the shingles of boilerplate, which both sets are taken to have.
local function without_known(j, c, a, b, known)
  if known <= 0 then return j, c end
  local smaller = math.min(a, b)
  local common = c * smaller - known
  smaller = smaller - known
  if common <= 0 or smaller < MIN_SHINGLES then return 0, 0 end
  return common / (a + b - 2 * known - common), common / smaller
end

-- Whether the smaller set has nothing of its own beside the lines that both share.
local function owns_little(c, a, b, known, seen)
  local smaller = math.min(a, b) - known
  local common = c * smaller
  local shared = math.min(math.max(seen - known, 0), common)
  local rest = smaller - shared
  return rest <= 0.1 * smaller or common - shared >= MIN_CONTAINMENT * rest
end

-- How a view repeats a record: 'jaccard', 'containment' or nil, with both shares.
local function repeats(blob, view, record, equal_bands, lines, content)
  local j, c, a, b = compared(blob, view, record, equal_bands)
  local contains = MIN_CONTAINMENT > 0 and c >= MIN_CONTAINMENT and j >= MIN_PART_JACCARD
  if j < MIN_JACCARD and not contains then return nil end
  local known = 0
  if lines.count > 0 then
    view.known = view.known or shared_shingles(lines, KNOWN_FROM, content)
    known = view.known
    j, c = without_known(j, c, a, b, known)
  end
  if j >= MIN_JACCARD then return 'jaccard', j, c end
  if MIN_CONTAINMENT == 0 or c < MIN_CONTAINMENT or j < MIN_PART_JACCARD then return nil end
  if 2 ^ (-math.abs(view.size - unpack_bytes('>H', record, 2)) / 2048) > MAX_RATIO then
    return nil
  end
  view.seen = view.seen or shared_shingles(lines, 1, content)
  if owns_little(c, a, b, known, view.seen) then return 'containment', j, c end
  return nil
end

-- Parameters of the index, and the similarity of two sketches.

-- Bands and how many of them are wide; earlier documents that make a line boilerplate; tokens of
-- a shingle; minimum shingles of a text; minimum Jaccard similarity of a near duplicate and of one
-- by containment; minimum containment, 0 = off; maximum ratio of sizes for it; horizon in ms,
-- generations, maximum documents; cells of the line table.
local BANDS, WIDE, KNOWN_FROM, SHINGLE, MIN_SHINGLES, MIN_JACCARD, MIN_PART_JACCARD, MIN_CONTAINMENT,
  MAX_RATIO, HORIZON, GENERATIONS, MAX_DOCUMENTS, CELLS = struct.unpack('>BBBBIdddddddd', ARGV[1])
local VERIFIED = 32 -- candidates compared in full, those of the most equal bands first
local BITS

-- Bits set in a byte. A table that is written out is made in a tenth of the time of one computed.
local function bits_of_bytes()
  local bits = {
    1,1,2,1,2,2,3,1,2,2,3,2,3,3,4,1,2,2,3,2,3,3,4,2,3,3,4,3,4,4,5,
    1,2,2,3,2,3,3,4,2,3,3,4,3,4,4,5,2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,
    1,2,2,3,2,3,3,4,2,3,3,4,3,4,4,5,2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,
    2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,3,4,4,5,4,5,5,6,4,5,5,6,5,6,6,7,
    1,2,2,3,2,3,3,4,2,3,3,4,3,4,4,5,2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,
    2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,3,4,4,5,4,5,5,6,4,5,5,6,5,6,6,7,
    2,3,3,4,3,4,4,5,3,4,4,5,4,5,5,6,3,4,4,5,4,5,5,6,4,5,5,6,5,6,6,7,
    3,4,4,5,4,5,5,6,4,5,5,6,5,6,6,7,4,5,5,6,5,6,6,7,5,6,6,7,6,7,7,8,
  }
  bits[0] = 0
  return bits
end

local function differing(a, at_a, b, at_b)
  BITS = BITS or bits_of_bytes()
  local bits, count = BITS, 0
  for i = 0, 63, 8 do
    local a1, a2, a3, a4, a5, a6, a7, a8 = byte(a, at_a + i, at_a + i + 7)
    local b1, b2, b3, b4, b5, b6, b7, b8 = byte(b, at_b + i, at_b + i + 7)
    count = count + bits[bxor(a1, b1)] + bits[bxor(a2, b2)] + bits[bxor(a3, b3)]
      + bits[bxor(a4, b4)] + bits[bxor(a5, b5)] + bits[bxor(a6, b6)] + bits[bxor(a7, b7)]
      + bits[bxor(a8, b8)]
  end
  return count
end

-- Sampling level of a set: a share of 1 / 2^level of its shingles makes its sketch.
local function level_of(size)
  return size <= 18432 and 0 or math.max(1, math.ceil((size - 19200) / 2048))
end

-- Similarity of a view to a unique document's record, with the number of equal bands: Jaccard
-- similarity, containment, and both sizes. The sums of core/dedup/similarity.py, in their order.
local STEP = math.log(1 - 2 / 512)
-- Sets of sizes further apart than this (coded) are less alike than any threshold.
local FARTHEST = -math.log(MIN_CONTAINMENT > 0 and math.min(MIN_PART_JACCARD, MIN_JACCARD)
  or MIN_JACCARD) / math.log(2) * 2048 + 1
local function compared(blob, view, record, equal_bands)
  local code = unpack_bytes('>H', record, 2)
  if math.abs(view.size - code) > FARTHEST then return 0, 0, 0, 0 end
  local level = level_of(code)
  local sketch = level - view.first
  if sketch < 0 or sketch >= view.sketches then return 0, 0, 0, 0 end
  local bits = differing(blob, view.at + 64 * sketch, record, 15)
  local balance = 1 - 2 * bits / 512
  if balance < 0.125 or (balance < 0.25 and equal_bands < 2) then return 0, 0, 0, 0 end
  local different = math.log(balance) / STEP
  different = different - ((1 / (balance * balance) - 1) / 4 - different / 512)
  if level == 0 and different - bits < 0.5 then different = bits end
  different = different * 2 ^ level
  local a, b = floor(2 ^ (view.size / 2048) + 0.5), floor(2 ^ (code / 2048) + 0.5)
  local both, least = a + b, math.abs(a - b)
  if least > different then different = least end
  if different >= both then return 0, 0, 0, 0 end
  local containment = (both - different) / (2 * math.min(a, b))
  return (both - different) / (both + different), containment > 1 and 1 or containment, a, b
end

-- Put in front of every other script.

-- Returns the server's time in milliseconds: one clock for all machines.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Writes milliseconds since 1970 as RFC 3339 in UTC. Redis has no os.date; the
-- day count follows the proleptic Gregorian calendar in eras of 400 years that
-- begin on 1 March (146,097 days each), so that leap days come last.
local function rfc3339(ms)
  local seconds = math.floor(ms / 1000)
  local days = math.floor(seconds / 86400)
  local left = seconds - days * 86400
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
    - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day,
    math.floor(left / 3600), math.floor(left % 3600 / 60), left % 60, ms % 1000)
end

-- Milliseconds of a stream entry id, and its sequence number.
local function parts_of(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

-- Whether stream entry id a was written before b.
local function before(a, b)
  local a_ms, a_seq = parts_of(a)
  local b_ms, b_seq = parts_of(b)
  return a_ms < b_ms or (a_ms == b_ms and a_seq < b_seq)
end

-- Sets the state of a document if no newer event of it has been admitted.
local function set_state(document, entry, state, rejection)
  local newest = redis.call('HGET', document, 'newest')
  if newest == entry then
    redis.call('HSET', document, 'state', state)
    if rejection then
      redis.call('HSET', document, 'rejection', rejection)
    else
      redis.call('HDEL', document, 'rejection')
    end
  end
end

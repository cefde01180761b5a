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

-- Returns the halves of a stream entry id as decimal strings.
local function halves_of(id)
  return string.match(id, '^(%d+)-(%d+)$')
end

-- Returns the milliseconds of a stream entry id. A double: exact below 2^53, the year 287396.
local function milliseconds_of(id)
  return tonumber((halves_of(id)))
end

-- Returns whether stream entry id a was written before b. The halves have up to 64 bits, more than
-- a double holds: decimal strings without leading zeros compare by length, then by digits.
local function before(a, b)
  local a_ms, a_seq = halves_of(a)
  local b_ms, b_seq = halves_of(b)
  if a_ms == b_ms then a_ms, b_ms = a_seq, b_seq end
  if #a_ms ~= #b_ms then return #a_ms < #b_ms end
  return a_ms < b_ms
end

-- Returns the time of an entry as JSON: null when its id is later than the server's clock.
local function received_at(entry, now)
  local ms = milliseconds_of(entry)
  if ms > now then return 'null' end
  return '"' .. rfc3339(ms) .. '"'
end

-- Returns where in a flat list of fields the value of the event is; nil when no field holds one.
-- Names that other frameworks give their only field follow ours; of a repeated field the last
-- value counts. fanmill/stores/event_field.py does the same.
local function event_position(fields)
  if #fields == 2 and fields[1] == 'event' then return 2 end
  local at, single = {}, true
  for i = 1, #fields, 2 do
    at[fields[i]] = i + 1
    single = single and fields[i] == fields[1]
  end
  local found = at['event'] or at['data'] or at['__data__']
  if not found and single and string.find(fields[#fields], '^%s*{') then found = #fields end
  return found
end

-- Returns the event out of the message of another framework, or the bytes as they are. FastStream
-- puts headers around them: in bytes (8 of a mark, 2 of a version, 4 and 4 where headers and data
-- begin) or in JSON. fanmill/stores/event_field.py does the same.
local function unwrapped(body)
  if string.sub(body, 1, 8) == '\137BIN\r\n\26\n' then
    local begin = #body >= 18 and struct.unpack('>I4', body, 15)
    return begin and string.sub(body, begin + 1) or body
  end
  if string.find(body, '^%s*{%s*"data"%s*:%s*"') and string.find(body, '"headers"%s*:%s*{') then
    local read, content = pcall(cjson.decode, body)
    if read and not content.specversion and type(content.data) == 'string'
        and type(content.headers) == 'table' then
      return content.data
    end
  end
  return body
end

-- Returns an entry for intake: its id, the event (of one over the limit the beginning alone,
-- false for none) and the bytes of the event.
local function bounded(entry, fields, limit, beginning)
  local at = event_position(fields)
  if not at then return { entry, false, 0 } end
  local body = fields[at]
  if #body > limit then return { entry, string.sub(body, 1, beginning), #body } end
  return { entry, unwrapped(body), #body }
end

-- Upper bounds of the histograms of durations, in ms; fanmill/stores/redis/history.py has the same.
local BOUNDS_MS = { 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 60000, 300000,
  1800000, 10800000 }

-- Adds a number to a count in a table of counts.
local function add(counts, name, number)
  counts[name] = (counts[name] or 0) + number
end

-- Returns the upper bound of the bin of a duration in ms.
local function bin_of(ms)
  for i = 1, #BOUNDS_MS do
    if ms <= BOUNDS_MS[i] then return BOUNDS_MS[i] end
  end
  return 'inf'
end

-- Adds a number of equal durations in ms to a histogram in a table of counts: bin, and sum.
local function add_durations(counts, histogram, ms, number)
  add(counts, histogram .. ':' .. bin_of(ms), number)
  add(counts, histogram .. ':sum', ms * number)
end

-- Adds numbers to the fields of a hash: a call to read and a call to write, however many there are.
-- Returns whether the hash had none of the fields.
local function add_to_hash(key, names, numbers)
  local seen = redis.call('HMGET', key, unpack(names))
  local written, new = {}, true
  for i = 1, #names do
    if seen[i] then new = false end
    written[i * 2 - 1] = names[i]
    written[i * 2] = string.format('%.0f', (tonumber(seen[i]) or 0) + numbers[i])
  end
  redis.call('HSET', key, unpack(written))
  return new
end

-- Adds to a hash of the history, which gets its end when it is made.
local function add_to_history(key, names, numbers, kept_seconds)
  if add_to_hash(key, names, numbers) and redis.call('HLEN', key) == #names then
    redis.call('EXPIRE', key, kept_seconds)
  end
end

-- Adds a table of counts to the totals, to the minute (kept for 25 h) and to the hour (31 days).
local function write_counts(totals, history, now, counts)
  local names, numbers = {}, {}
  for name, number in pairs(counts) do
    names[#names + 1] = name
    numbers[#numbers + 1] = number
  end
  if #names == 0 then return end
  add_to_hash(totals, names, numbers)
  local minute, hour = math.floor(now / 60000), math.floor(now / 3600000)
  add_to_history(history .. 'm' .. string.format('%.0f', minute), names, numbers, 90000)
  add_to_history(history .. 'h' .. string.format('%.0f', hour), names, numbers, 2678400)
end

-- Hands entries to a consumer; returns those that the ledger has and, unless by force, the group held.
-- An entry that others have removed leaves the group. Lua passes on some 8,000 values at once; a
-- batch has up to 1,000 entries.
local function claimed(ledger, group, consumer, entries, by_force)
  local held = {}
  if #entries == 0 then return held end
  local call = { 'XCLAIM', ledger, group, consumer, 0, unpack(entries) }
  call[#call + 1] = 'JUSTID'
  if by_force then call[#call + 1] = 'FORCE' end
  for _, entry in ipairs(redis.call(unpack(call))) do held[entry] = true end
  return held
end

-- Notes that an entry in work is no longer in the ledger; intake rejects it.
local function mark_lost(work, released, entry)
  redis.call('HSET', work, 'lost', 1)
  redis.call('SADD', released, entry)
end

-- Returns how many entries were ever added to a stream, and how many it holds.
local function added_and_length(stream)
  local facts = {}
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do facts[info[i]] = info[i + 1] end
  return facts['entries-added'], facts['length']
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

-- Returns the members of a JSON object or the elements of an array, as they are written.
local function json_inside(value)
  return string.sub(value, 2, -2)
end

-- Adds a name and its value to a flat list.
local function put(list, name, value)
  list[#list + 1] = name
  list[#list + 1] = value
end

-- Returns one JSON object with the members of several objects, in their order, or one array with
-- the elements of several arrays. The values in between are taken as they are written.
local function json_merged(values)
  local inside = {}
  for i = 1, #values do
    local members = json_inside(values[i])
    if members ~= '' then inside[#inside + 1] = members end
  end
  return string.sub(values[1], 1, 1) .. table.concat(inside, ',') .. string.sub(values[1], -1)
end

-- Returns a JSON object with one member, given its name and its value as JSON.
local function json_member(name, json)
  return '{"' .. name .. '":' .. json .. '}'
end

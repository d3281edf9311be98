-- wrk's script: posts the lines of the file $BENCH_BODIES in turn, and prints latencies and errors as one line of JSON.
-- With $BENCH_STATUSES, also how many answers were 200, 429 or another: reading every answer costs wrk some speed.
local bodies, next_body, threads = {}, 0, {}
for line in io.lines(os.getenv("BENCH_BODIES")) do bodies[#bodies + 1] = line end
local requests = {}

function setup(thread) threads[#threads + 1] = thread end

function init()
  for index, body in ipairs(bodies) do
    requests[index] = wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
  end
  ok, refused, other = 0, 0, 0
end

function request()
  next_body = next_body % #requests + 1
  return requests[next_body]
end

if os.getenv("BENCH_STATUSES") then
  function response(status)
    if status == 200 then ok = ok + 1 elseif status == 429 then refused = refused + 1 else other = other + 1 end
  end
end

function done(summary, latency)
  local counts = { ok = 0, refused = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(counts) do counts[name] = counts[name] + (thread:get(name) or 0) end
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"seconds":%.3f,"requests":%d,"p50Ms":%.3f,"p90Ms":%.3f,"p99Ms":%.3f,"maxMs":%.3f,"failedAnswers":%d,"socketErrors":%d,"ok":%d,"refused":%d,"other":%d}\n',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, counts.ok, counts.refused, counts.other))
end

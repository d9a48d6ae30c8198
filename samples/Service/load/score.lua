-- One digit per request, as wrk sends it:
--     wrk -t1 -c8 -d60s --latency -s samples/Service/load/score.lua http://localhost:5000/score
-- Every answer has to be 200 and come from one model; anything else is counted and printed at the end.

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"Pixels":[0,1,6,15,12,1,0,0,0,7,16,6,6,10,0,0,0,8,16,2,0,11,2,0,0,5,16,3,0,5,7,0,0,7,13,3,0,8,7,0,0,4,12,0,1,13,5,0,0,0,14,9,15,9,0,0,0,0,6,14,7,1,0,0]}'

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

function init()
  refused, models = 0, {}
end

function response(status, headers)
  if status ~= 200 then refused = refused + 1 end
  local model = headers["Model-Version"] or "none"
  models[model] = (models[model] or 0) + 1
end

function done()
  for _, thread in ipairs(threads) do
    print("Answers other than 200: " .. thread:get("refused") .. "; answers by model:")
    for model, count in pairs(thread:get("models")) do print("  " .. model .. ": " .. count) end
  end
end

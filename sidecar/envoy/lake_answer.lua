-- Function: keep. Constants: METADATA, ALWAYS, BY_CODE, BY_STATUS, REFUSED, FAILED, VIEW, STATUS, S3_CONTENT_TYPE and
-- PROBLEM_CONTENT_TYPE.

local function remove_all_but(headers, left)
  local others = {}
  for name in pairs(headers) do
    if string.sub(name, 1, 1) ~= ":" and not left[name] then
      others[#others + 1] = name
    end
  end
  for _, name in ipairs(others) do
    headers:remove(name)
  end
end

-- S3's error code. It comes before everything that repeats the request.
local function code_of(body)
  local start = body:getBytes(0, math.min(body:length(), 512))
  start = string.gsub(start, "^%s*<%?xml.-%?>", "")
  return string.match(start, "^%s*<Error[^>]*>%s*<Code>(%w+)</Code>")
end

function envoy_on_response(handle)
  local status_text = handle:headers():get(":status")
  local status = tonumber(status_text)
  local lake = handle:streamInfo():dynamicMetadata():get(METADATA)
  -- The sidecar has answered this request itself, or has not signed it: the answer is not S3's.
  if lake == nil or lake.view == nil then
    return
  end
  -- The cluster has removed what S3 says of itself.
  if status >= 200 and status < 300 or status == 304 then
    if lake.keep ~= nil then
      keep(lake.keep)
    end
    return
  end
  -- This waits, and the script may not use afterwards what the handle gave before.
  local body = not lake.head and handle:body(true) or nil
  local code = body and code_of(body)
  local mapped = code and BY_CODE[code] or BY_STATUS[status_text]
  local error = mapped or status >= 400 and status < 500 and REFUSED or FAILED
  local headers = handle:headers()
  remove_all_but(headers, { date = true, ["content-range"] = error.status == "416" })
  headers:replace(":status", error.status)
  headers:replace("cache-control", "no-store")
  if error.retry_after then
    headers:replace("retry-after", error.retry_after)
  end
  if body then
    local form = lake.s3 and error.s3 or error.problem
    local text = string.gsub(string.gsub(form, VIEW, lake.view), STATUS, status_text)
    headers:replace("content-type", lake.s3 and S3_CONTENT_TYPE or PROBLEM_CONTENT_TYPE)
    headers:replace("content-length", body:setBytes(text))
  end
  -- The answer may be Envoy's own. The route adds no headers to that.
  for name, value in pairs(ALWAYS) do
    headers:replace(name, value)
  end
end

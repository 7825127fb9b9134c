-- Constants: METADATA, VIEW_HEADER, USER_HEADER, SUPERSEDED, MOST and MOST_BYTES.
-- Each of Envoy's workers has these variables for itself, and has new ones with each new version of the script: what a
-- worker has kept ends with the version.
-- https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/http/http_filters/lua_filter
collectgarbage("setpause", 1000)

local kept, count, bytes, latest = {}, 0, 0, 0

local function forget_all()
  kept, count, bytes = {}, 0, 0
end

local function size_of(key, signature)
  return #key + #signature.path + #signature.authorization + #signature.token
end

-- Keeps what the sidecar allows to be kept.
local function keep(signature)
  local size = size_of(signature.key, signature)
  if kept[signature.key] ~= nil or size > MOST_BYTES then
    return
  end
  if count >= MOST or bytes + size > MOST_BYTES then
    forget_all()
  end
  kept[signature.key], count, bytes = signature, count + 1, bytes + size
end

-- The signature that is good now. A clock that goes back would make it good for longer.
local function find(key)
  local now = os.time()
  if now < latest then
    forget_all()
  end
  latest = now
  local signature = kept[key]
  if signature ~= nil and (now < signature.from or now >= signature.till) then
    kept[key], count, bytes = nil, count - 1, bytes - size_of(key, signature)
    return nil
  end
  return signature
end

-- Whether Envoy itself has seen that the user may open the view. Else the sidecar has to decide on each request.
local function may_open(headers, signature)
  if not signature.own then
    return true
  end
  local site = headers:get("sec-fetch-site")
  return headers:get(VIEW_HEADER) == signature.view and headers:get(USER_HEADER) ~= nil and headers:get("origin") == nil
    and (site == nil or site == "same-origin" or site == "none")
end

local function speaks_s3(headers)
  local speaks = false
  for name in pairs(headers) do
    if string.sub(name, 1, 6) == "x-amz-" or string.sub(name, 1, 8) == "amz-sdk-" then
      speaks = true
    end
  end
  return speaks
end

function envoy_on_request(handle)
  local headers = handle:headers()
  for name, by in pairs(SUPERSEDED) do
    if headers:get(by) ~= nil then
      headers:remove(name)
    end
  end
  local method = headers:get(":method")
  local signature = find(method .. "\n" .. headers:get(":authority") .. "\n" .. headers:get(":path"))
  if signature == nil or not may_open(headers, signature) or headers:get("upgrade") ~= nil
    or headers:get("content-length") ~= nil or headers:get("transfer-encoding") ~= nil then
    return
  end
  -- Each of these waits if the request has not ended with its headers. The sidecar refuses such a request.
  if handle:body() ~= nil or handle:trailers() ~= nil then
    return
  end
  headers = handle:headers()
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set(METADATA, "view", signature.view)
  if method == "HEAD" then
    metadata:set(METADATA, "head", true)
  end
  if speaks_s3(headers) then
    metadata:set(METADATA, "s3", true)
  end
  headers:replace(":path", signature.path)
  headers:replace("authorization", signature.authorization)
  headers:replace("x-amz-content-sha256", signature.hash)
  headers:replace("x-amz-date", signature.date)
  headers:replace("x-amz-security-token", signature.token)
  handle:clearRouteCache()
end

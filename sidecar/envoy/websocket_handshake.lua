-- Constants: METADATA, PROBLEM, PROBLEM_STATUS, PROBLEM_CONTENT_TYPE and STATUS.
--
-- Translates between the two forms of a handshake. Over HTTP/2 a handshake has no key, and a key is what the view's
-- HTTP/1.1 server needs. Its answer then has no accept value, and each status 2xx says that the WebSocket is open:
-- https://www.rfc-editor.org/rfc/rfc8441#section-5
--
-- Envoy passes on nothing from the client before the view has answered 101: nobody can smuggle a request after a
-- handshake. For the same reason Envoy replaces the body of an answer below 400 by its own. So an answer 3xx goes on
-- without a body, and an answer 2xx, which would be empty or say "open", becomes a problem.
math.randomseed(os.time() + tonumber(string.match(tostring({}), "0x(%x+)"), 16) % 1000000)

function envoy_on_request(handle)
  local headers = handle:headers()
  if headers:get("sec-websocket-key") == nil and handle:streamInfo():protocol() == "HTTP/2" then
    local nonce = {}
    for i = 1, 16 do
      nonce[i] = string.char(math.random(0, 255))
    end
    headers:add("sec-websocket-key", handle:base64Escape(table.concat(nonce)))
    handle:streamInfo():dynamicMetadata():set(METADATA, "keyed", true)
  end
end

local function replace_body(handle, kept, text)
  -- This waits, and the script may not use afterwards what the handle gave before.
  local body = handle:body()
  local headers = handle:headers()
  local others = {}
  for name in pairs(headers) do
    if not kept(name) then
      others[#others + 1] = name
    end
  end
  for _, name in ipairs(others) do
    headers:remove(name)
  end
  -- An answer to HEAD has no body.
  if body ~= nil then
    headers:replace("content-length", body:setBytes(text))
  end
  return headers
end

local function is_date(name)
  return string.sub(name, 1, 1) == ":" or name == "date"
end

local function is_no_body(name)
  return string.sub(name, 1, 8) ~= "content-" and name ~= "etag" and name ~= "transfer-encoding"
end

function envoy_on_response(handle)
  local status_text = handle:headers():get(":status")
  local status = tonumber(status_text)
  if status == 101 then
    if handle:streamInfo():dynamicMetadata():get(METADATA) ~= nil then
      handle:headers():remove("sec-websocket-accept")
    end
  elseif status >= 200 and status < 300 then
    local headers = replace_body(handle, is_date, (string.gsub(PROBLEM, STATUS, status_text)))
    headers:replace(":status", PROBLEM_STATUS)
    headers:replace("content-type", PROBLEM_CONTENT_TYPE)
    headers:replace("cache-control", "no-store")
  elseif status >= 300 and status < 400 then
    replace_body(handle, is_no_body, "")
  end
end

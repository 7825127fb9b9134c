-- Functions: view_of and way_to_gate. Constants: VIEW_HEADER, and NEEDS_ORIGIN: whether a page of another host may not send
-- the request.

local function is_from_its_page(headers)
  local origin = headers:get("origin")
  if origin == nil then
    return true
  end
  -- Anybody on the network can make a page of plain HTTP.
  local scheme = headers:get("x-forwarded-proto") == "https" and "https" or "https?"
  return match(lower(origin), "^" .. scheme .. "://(.+)$") == lower(headers:get(":authority"))
end

function envoy_on_route(route)
  local headers = route:headers()
  local view = headers:get(VIEW_HEADER)
  if view ~= nil and view == view_of(route) and (not NEEDS_ORIGIN or is_from_its_page(headers)) then
    if route:getCluster(view) ~= nil then
      return view
    end
  end
  return way_to_gate(headers)
end

-- Functions: view_of and way_to_gate.

function envoy_on_route(route)
  local view = view_of(route)
  if view ~= nil and route:getCluster(view) ~= nil then
    return view
  end
  return way_to_gate(route:headers())
end

-- Functions: view_of and way_to_gate. Constant: PUBLIC, which ends the name of a public view's second cluster.

function envoy_on_route(route)
  local view = view_of(route)
  if view ~= nil then
    local cluster = view .. PUBLIC
    if route:getCluster(cluster) ~= nil then
      return cluster
    end
  end
  return way_to_gate(route:headers())
end

-- Function: way_to_gate.

function envoy_on_route(route)
  return way_to_gate(route:headers())
end

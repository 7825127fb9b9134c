-- Function: view_of.

function envoy_on_route(route)
  return view_of(route) or ""
end

-- Constants: GATE, SMALL_BODIES, LARGE_BODIES and PART_BODIES are clusters; READ_AHEAD, SMALL and LARGE are bytes.

local function way_to_gate(headers)
  local length = tonumber(headers:get("content-length") or "0")
  if length > READ_AHEAD then
    if length <= SMALL then
      return SMALL_BODIES
    end
    if length <= LARGE then
      return LARGE_BODIES
    end
  end
  if length > READ_AHEAD or headers:get("transfer-encoding") ~= nil then
    return PART_BODIES
  end
  return GATE
end

/** The script for kept signatures by itself, with a clock of the test's: Envoy's is that of the machine. */
import { deepEqual, equal } from "node:assert/strict";
import { LuaFactory } from "wasmoon";
import { lakeReadsScript } from "./lake_reads.ts";

/** A worker of Envoy. */
async function worker() {
  const lua = await new LuaFactory().createEngine();
  const clock = { seconds: 1_000 };
  await lua.doString(lakeReadsScript({ signatures: 10, bytes: 10_000 }));
  lua.global.set("time", () => clock.seconds);
  await lua.doString("os.time = function() return time() end");
  await lua.doString(HANDLE);
  return {
    clock,
    /** Whether the worker signs a read by what it has kept. */
    signs: (): boolean => lua.doStringSync("return ask()"),
    answered: (from: number, till: number) => lua.doStringSync(`answered(${from}, ${till})`),
    [Symbol.dispose]: () => lua.global.close(),
  };
}

/** Envoy's part, as far as the script uses it: a read of one object, and S3's answer with the sidecar's permission. */
const HANDLE = `
local sent
local headers = {
  get = function(_, name) return sent[name] end,
  remove = function(_, name) sent[name] = nil end,
  replace = function(_, name, value) sent[name] = value end,
}
setmetatable(headers, { __pairs = function() return pairs(sent) end })
local metadata
local function handle(of)
  return {
    headers = function() return headers end,
    body = function() return nil end,
    trailers = function() return nil end,
    streamInfo = function()
      return { dynamicMetadata = function() return { get = function() return metadata end, set = function() end } end }
    end,
    clearRouteCache = function() end,
  }
end
function ask()
  sent = { [":method"] = "GET", [":authority"] = "sales.localhost", [":path"] = "/_lake/lake/x" }
  envoy_on_request(handle())
  return sent.authorization == "kept"
end
function answered(from, till)
  sent = { [":status"] = "200" }
  metadata = { view = "sales", keep = {
    view = "sales", own = false, from = from, till = till, key = "GET\\nsales.localhost\\n/_lake/lake/x",
    path = "/signed", authorization = "kept", hash = "h", date = "d", token = "t",
  } }
  envoy_on_response(handle())
end
`;

Deno.test("a signature is used from its second on, until its end", async () => {
  using envoy = await worker();
  equal(envoy.signs(), false);
  envoy.answered(1_000, 1_005);
  const used = [];
  for (; envoy.clock.seconds < 1_008; envoy.clock.seconds++) used.push(envoy.signs());
  deepEqual(used, [true, true, true, true, true, false, false, false]);
});

Deno.test("a clock that is set back ends all that is kept, so that nothing lasts longer by it", async () => {
  using envoy = await worker();
  envoy.answered(1_000, 1_005);
  envoy.clock.seconds = 1_004;
  equal(envoy.signs(), true);
  envoy.clock.seconds = 1_003;
  equal(envoy.signs(), false);
  envoy.clock.seconds = 1_004;
  equal(envoy.signs(), false);
});

Deno.test("a clock that is set forward ends what is kept, and back again brings nothing back", async () => {
  using envoy = await worker();
  envoy.answered(1_000, 1_005);
  envoy.clock.seconds = 90_000;
  equal(envoy.signs(), false);
  envoy.clock.seconds = 1_001;
  equal(envoy.signs(), false);
});

Deno.test("before the clock was set back, the sidecar cannot have signed: a signature of the future is none", async () => {
  using envoy = await worker();
  envoy.answered(1_060, 1_065);
  equal(envoy.signs(), false);
});

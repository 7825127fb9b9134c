import { deepEqual, equal } from "node:assert/strict";
import luaparse from "luaparse";
import { envoy } from "../gen/envoy.js";
import { clusterOfView, clustersOfViewsOrGate } from "./cluster_specifier.ts";
import { unkeptLakeReads } from "./lake_reads.ts";
import { luaScript } from "./lua_script.ts";
import { websockets } from "./websockets.ts";

const { LuaConfig } = envoy.extensions.router.cluster_specifiers.lua.v3;
const { Lua } = envoy.extensions.filters.http.lua.v3;

type ClusterSpecifier = ReturnType<typeof clusterOfView>;
type Filter = ReturnType<typeof unkeptLakeReads>;

const ofSpecifier = ({ extension }: ClusterSpecifier) =>
  LuaConfig.decode(extension!.typedConfig!.value!).sourceCode!.inlineString!;
const ofFilter = ({ typedConfig }: Filter) => Lua.decode(typedConfig!.value!).defaultSourceCode!.inlineString!;

/** What Lua has and these scripts use. */
const LIBRARY = ["collectgarbage", "ipairs", "math", "os", "pairs", "string", "table", "tonumber", "tostring"];

/** Each script as Envoy gets it, with the functions that Envoy calls. */
const SCRIPTS = [
  ...(["none", "kubernetes"] as const).flatMap((authentication) =>
    clustersOfViewsOrGate({
      ...{ baseHost: "views.example.com", requestBodyBufferLimitBytes: 1, heldBytesInAll: 1, authentication },
    })
  ).map((specifier) => ({
    name: `of the cluster specifier "${specifier.extension!.name}"`,
    script: ofSpecifier(specifier),
    entries: ["envoy_on_route"],
  })),
  { name: "view_or_none", script: ofSpecifier(clusterOfView("views.example.com")), entries: ["envoy_on_route"] },
  {
    name: "of reads of the lake",
    script: ofFilter(unkeptLakeReads()),
    entries: ["envoy_on_request", "envoy_on_response"],
  },
  {
    name: "websocket_handshake",
    script: ofFilter(websockets([{}]).upgradeConfigs![0]!.filters![0]!),
    entries: ["envoy_on_request", "envoy_on_response"],
  },
];

for (const { name, script, entries } of SCRIPTS) {
  Deno.test(`the script ${name} is valid Lua, defines what Envoy calls, and uses no name that nothing defines`, () => {
    const { globals } = luaparse.parse(script, { luaVersion: "LuaJIT", scope: true });
    const names = globals.map((global: { readonly name: string }) => global.name);
    deepEqual(names.filter((name: string) => !LIBRARY.includes(name)).sort(), entries);
  });
}

Deno.test("constants are Lua's literals of the same value", () => {
  const script = luaScript({ A: 'a "b"\n', B: 1, C: { "content-type": { D: true } } }, "return A\n");
  equal(
    script,
    'local A = "a \\"b\\"\\n"\nlocal B = 1\nlocal C = { ["content-type"] = { ["D"] = true } }\nreturn A\n',
  );
  luaparse.parse(script, { luaVersion: "LuaJIT" });
});

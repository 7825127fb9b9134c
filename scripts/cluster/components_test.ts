import { match, throws } from "node:assert/strict";
import { linkerFlags } from "./components.ts";

Deno.test("the components' version is that of the module", async () => {
  const flags = linkerFlags(await Deno.readTextFile(new URL("kube/go.mod", import.meta.url)));
  match(flags, /-X k8s\.io\/component-base\/version\.gitVersion=v1\.33\.\d+/);
  match(flags, /-X k8s\.io\/client-go\/pkg\/version\.gitMinor=33/);
});

Deno.test("without it there is nothing to build", () => {
  throws(() => linkerFlags("module a\n"), /does not require it/);
});

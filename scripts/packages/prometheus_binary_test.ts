import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../process/command.ts";
import { prometheusBinaries } from "./prometheus_binary.ts";

Deno.test("Prometheus' programs run, and its pages are there", async () => {
  const { prometheus, promtool, webAssets } = await prometheusBinaries();
  assert.match(await runCommand(prometheus, ["--version"]), /prometheus, version/);
  assert.match(await runCommand(promtool, ["--version"]), /promtool, version/);
  if (webAssets === undefined) return;
  // A script of another package.
  assert.match(await Deno.readTextFile(join(webAssets, "static/mustache/mustache.js")), /mustache/);
});

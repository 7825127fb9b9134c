import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderKustomization } from "../scripts/deploy/kustomize.ts";
import { envoyBinary } from "../scripts/packages/envoy_binary.ts";
import { temporaryDirectory } from "../scripts/process/temporary_directory.ts";
import { EnvoyProcess } from "../test/envoy/envoy_process.ts";

/** Envoy's arguments in the Deployment that choose the format of its log. */
async function logFormat(): Promise<readonly string[]> {
  const manifests = await renderKustomization(fileURLToPath(new URL("base", import.meta.url)));
  const [{ name, args }] = manifests.find(({ kind }) => kind === "Deployment")!.spec.template.spec.containers;
  equal(name, "envoy");
  const at = args.indexOf("--log-format");
  return args.slice(at, at + 2);
}

/** Quotes, all control characters, a line separator, signs beyond ASCII, and Envoy's own placeholders. */
const ODD = `a "b" \\ ${
  String.fromCharCode(...Array.from({ length: 31 }, (_, i) => i + 1))
}\u007f\u2028 ü 😀 {l} %j %%v </script>`;

for (const [what, name] of [["odd characters", ODD], ["a hundred thousand characters", ODD.repeat(2_000)]] as const) {
  Deno.test(`what Envoy logs is one JSON object a line, also with ${what}`, async () => {
    const bootstrap = { static_resources: { clusters: [{ name, connect_timeout: "1s" }] } };
    await using envoy = await EnvoyProcess.start({ bootstrap, logLevel: "debug", args: await logFormat() });
    await envoy.ready();
    const lines = envoy.log.split("\n").map((line) => JSON.parse(line));
    ok(lines.some(({ message }) => message.includes(name)), "with the name as it is");
    for (const { "@timestamp": at, level, logger, message, ...more } of lines) {
      match(at, /^[-0-9]+T[:0-9]+\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$/);
      match(`${level} ${logger}`, /^(debug|info|warning) envoy\.[a-z0-9_]+$/);
      deepEqual([typeof message, more], ["string", {}]);
    }
  });
}

Deno.test("an Envoy that cannot start says why in a line of JSON, and once more as it stands", async () => {
  await using directory = await temporaryDirectory({ prefix: "envoy-" });
  const config = join(directory.path, "envoy.json");
  const clusters = [{ name: "twice" }, { name: "twice" }];
  await Deno.writeTextFile(config, JSON.stringify({ static_resources: { clusters } }));
  const args = ["--config-path", config, "--disable-hot-restart", ...await logFormat()];
  const { code, stderr } = await new Deno.Command(await envoyBinary(), { args, stdout: "null" }).output();
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  const why = /cluster manager: duplicate cluster 'twice'/;
  deepEqual([code, why.test(lines.at(-1)!)], [1, true]);
  const [critical] = lines.slice(0, -1).map((line) => JSON.parse(line)).filter(({ level }) => level === "critical");
  match(critical.message, why);
});

import { deepEqual, equal, match } from "node:assert/strict";
import { VERSION } from "./version.ts";

/** The program in an environment of the test's, to its end; and the lines that it prints. */
async function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("main.ts", import.meta.url).pathname, ...args],
    env: { HOME: Deno.env.get("HOME") ?? "/", DENO_DIR: Deno.env.get("DENO_DIR") ?? "", ...env },
    clearEnv: true,
  }).output();
  const lines = [stdout, stderr].flatMap((bytes) => new TextDecoder().decode(bytes).split("\n").filter((line) => line));
  return { code, lines };
}

Deno.test("a sidecar that cannot start tells all that is wrong, a JSON object each, and ends with a code of its own", async () => {
  const { code, lines } = await run({
    HOLD_SECONDS: "soon",
    LOAD_REPORT_SECONDS: "30",
    PROBE_PATH: "a{2}(",
    SOCKET_DIRECTORY: "/nowhere/sockets",
    KUBECONFIG: "/nowhere/config",
    LAKE_ROLE_ARN: "arn:aws:iam::123456789012:role/lake",
  });
  equal(code, 2);
  const objects = lines.map((line) => JSON.parse(line));
  deepEqual(objects.map(({ level, message }) => `${level} ${message}`.replace(/^((\S+ ){3}).*/, "$1…")), [
    "FATAL NAMESPACE is …",
    "FATAL HOLD_SECONDS must …",
    "FATAL PROBE_PATH must …",
    "FATAL LOAD_REPORT_SECONDS must …",
    "FATAL SOCKET_DIRECTORY must …",
    "FATAL Kubernetes cannot …",
    "FATAL The gateway …",
    "FATAL docs/CONFIGURATION.md describes …",
  ]);
  match(objects[2].message, /but is "a\{2\}\(": missing closing \)/);
});

Deno.test("a sidecar tells its version without any configuration", async () => {
  deepEqual(await run({}, "--version"), { code: 0, lines: [`view-gateway-sidecar ${VERSION}`] });
});

Deno.test("a sidecar refuses an argument that it does not know, instead of running without it", async () => {
  const { code, lines } = await run({}, "--log-level=debug");
  equal(code, 2);
  match(lines.join("\n"), /^view-gateway-sidecar takes no argument but --version\..*$/);
});

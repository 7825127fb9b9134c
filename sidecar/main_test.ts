import { deepEqual, equal, match } from "node:assert/strict";

/** The program in an environment of the test's, to its end. */
async function run(env: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("main.ts", import.meta.url).pathname],
    env: { HOME: Deno.env.get("HOME") ?? "/", DENO_DIR: Deno.env.get("DENO_DIR") ?? "", ...env },
    clearEnv: true,
  }).output();
  const lines = [stdout, stderr].flatMap((bytes) => new TextDecoder().decode(bytes).split("\n").filter((line) => line));
  return { code, lines: lines.map((line) => JSON.parse(line)) };
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
  deepEqual(lines.map(({ level, message }) => `${level} ${message}`.replace(/^((\S+ ){3}).*/, "$1…")), [
    "FATAL NAMESPACE is …",
    "FATAL HOLD_SECONDS must …",
    "FATAL PROBE_PATH must …",
    "FATAL LOAD_REPORT_SECONDS must …",
    "FATAL SOCKET_DIRECTORY must …",
    "FATAL Kubernetes cannot …",
    "FATAL The gateway …",
    "FATAL docs/CONFIGURATION.md describes …",
  ]);
  match(lines[2].message, /but is "a\{2\}\(": missing closing \)/);
});

/** What is compiled starts, as far as that shows without the runtime that `deno compile` puts into a binary. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { freePort } from "../process/free_port.ts";
import { bundle } from "./bundle.ts";
import { runFlags } from "./compile.ts";
import { inCluster, type Reach } from "./permissions.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** The text of the program that is compiled; bundled once, since that takes seconds. */
async function program(): Promise<string> {
  if (bundled === undefined) {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, "main.js");
    await bundle(script);
    bundled = await Deno.readTextFile(script);
  }
  return bundled;
}
let bundled: string | undefined;

/** The program that is compiled, as a process that has what the binary would have. */
async function start(directory: string, env: Record<string, string>, reach?: Reach): Promise<Deno.ChildProcess> {
  const script = join(directory, "main.js");
  await Deno.writeTextFile(script, await program());
  const args = ["run", ...runFlags(reach), script];
  const options = { args, env, clearEnv: true, cwd: directory, stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(Deno.execPath(), options).spawn();
}

Deno.test("with the flags of the compiled binary the sidecar starts and knows its views", async () => {
  await using directory = await temporaryDirectory();
  const kubeconfig = Deno.env.get("KUBECONFIG");
  assert.ok(kubeconfig, "no cluster: run the tests by `deno task test`");
  const { clusters: [{ cluster: { server } }] } = parse(await Deno.readTextFile(kubeconfig));
  const probeAddress = `127.0.0.1:${freePort()}`;
  const process = await start(
    directory.path,
    {
      KUBECONFIG: kubeconfig,
      NAMESPACE: `compiled-${Deno.pid}`,
      SOCKET_DIRECTORY: directory.path,
      PROBE_ADDRESS: probeAddress,
    },
    {
      ...inCluster,
      socketDirectory: directory.path,
      probeAddress,
      apiServers: [new URL(server).host],
      credentials: [kubeconfig],
    },
  );
  let said = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    const before = said.includes("views are read");
    said += text;
    if (!before && said.includes("views are read")) process.kill("SIGTERM");
  }
  const stderr = await new Response(process.stderr).text();
  assert.match(said, /views are read/, stderr);
  assert.equal((await process.status).code, 0, `${said}${stderr}`);
});

Deno.test("the flags that are compiled in let the sidecar read its variables, and tell what is wrong with them", async () => {
  await using directory = await temporaryDirectory();
  const process = await start(directory.path, { LISTEN_PORT: "http" });
  const [, stderr, { code }] = await Promise.all([
    new Response(process.stdout).text(),
    new Response(process.stderr).text(),
    process.status,
  ]);
  assert.equal(code, 2, stderr);
  const messages = stderr.trim().split("\n").map((line) => String(JSON.parse(line).message));
  for (const variable of ["NAMESPACE", "LISTEN_PORT"]) {
    assert.ok(messages.some((message) => message.startsWith(`${variable} `)), stderr);
  }
  assert.doesNotMatch(stderr, /Requires \w+ access/);
});

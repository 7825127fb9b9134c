import { deepEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Runs a script for a user who has started nothing, and who may not look at the control groups of others. */
async function asNewUser(name: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  await using cache = await temporaryDirectory();
  // Deno's own cache is below XDG_CACHE_HOME too, unless it is named.
  const { denoDir } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"]));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--deny-read=/sys/fs/cgroup", "--deny-write=/sys/fs/cgroup", script(name), ...args],
    env: { XDG_CACHE_HOME: cache.path, DENO_DIR: denoDir, NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("demo:down says that there is no cluster, and touches no control group", async () => {
  deepEqual(await asNewUser("demo.ts", "down"), { code: 0, said: "The demo's cluster is not up.\n" });
});

Deno.test("cluster down names each cluster that is not up, and touches no control group", async () => {
  deepEqual(await asNewUser("../cluster/main.ts", "down"), { code: 0, said: "kwok: not up\nnode: not up\n" });
});

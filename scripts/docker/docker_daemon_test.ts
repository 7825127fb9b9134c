import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../process/command.ts";
import { startDockerDaemon } from "./docker_daemon.ts";
import type { DockerEngine } from "./docker_engine.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;

/** Programs in the place of Docker's. */
async function engine(directory: string, dockerd: string): Promise<DockerEngine> {
  for (const [name, text] of Object.entries({ dockerd, docker: "exit 0" })) {
    await Deno.writeTextFile(join(directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return { path: `${directory}:${Deno.env.get("PATH")}`, libraries: "" };
}

async function bridges(): Promise<string[]> {
  const links: { readonly ifname: string }[] = JSON.parse(await runCommand("ip", ["-json", "link", "show"]));
  return links.map(({ ifname }) => ifname).filter((name) => name.startsWith(`vgd${Deno.pid}-`));
}

/** Whether a process has this command line, as the kernel has it. */
function running(line: string): boolean {
  return [...Deno.readDirSync("/proc")].some(({ name }) => {
    try {
      return Deno.readTextFileSync(`/proc/${name}/cmdline`) === line;
    } catch {
      // It is no process, or has ended.
      return false;
    }
  });
}

Deno.test({ name: "nothing is left of a Docker daemon", ignore: !isRoot }, async () => {
  await using directory = await temporaryDirectory();
  // Its socket is an ordinary file, and it has a child that would outlive it.
  const dockerd =
    'for word; do case $word in --host=unix://*) : > "${word#--host=unix://}";; esac; done; sleep 4711 & wait';
  let socket: string;
  {
    await using daemon = await startDockerDaemon(await engine(directory.path, dockerd));
    socket = daemon.address.replace("unix://", "");
    assert.ok(existsSync(socket));
    assert.equal(running("sleep\x004711\0"), true);
    assert.equal((await bridges()).length, 1);
  }
  assert.deepEqual(await bridges(), []);
  assert.ok(!existsSync(join(socket, "..")));
  assert.equal(running("sleep\x004711\0"), false);
});

Deno.test({ name: "a Docker daemon that cannot start says why", ignore: !isRoot }, async () => {
  await using directory = await temporaryDirectory();
  const dockerd = 'echo "failed to start daemon: no space left on device" >&2; exit 1';
  await assert.rejects(
    startDockerDaemon(await engine(directory.path, dockerd)),
    /failed to start daemon: no space left on device/,
  );
  assert.deepEqual(await bridges(), []);
});

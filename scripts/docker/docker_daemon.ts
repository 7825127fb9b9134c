/** A Docker daemon of a command's own, of which nothing is left. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { directories, removeCgroup } from "../cluster/node/cgroup.ts";
import { identify, isAlive, type ProcessIdentity } from "../cluster/processes/process_identity.ts";
import { Processes } from "../cluster/processes/processes.ts";
import { until } from "../process/until.ts";
import { cacheDirectory } from "../cache/cache.ts";
import { CommandError, runCommand, succeeds } from "../process/command.ts";
import { requireCommand } from "../packages/debian.ts";
import type { DockerEngine } from "./docker_engine.ts";
import { freeNetwork } from "./free_network.ts";
import { withLock } from "../cache/lock.ts";
import { MissingError } from "../needs/missing_error.ts";
import { step } from "../process/step.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/** Ends, with all its containers, when it goes out of scope. */
export interface DockerDaemon extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly address: string;
}

const PROGRAM = "dockerd";
/** By this process. */
let started = 0;

/**
 * The first process of mount and process namespaces of their own: when it ends, all containers and mounts go with it.
 * Arguments: what to become.
 */
const WORLD = `
mount -t proc proc /proc
for directory in /run/docker /run/containerd; do
  mkdir -p "$directory"
  mount -t tmpfs -o mode=700 run "$directory"
done
exec "$@"
`;

/**
 * Starts a daemon. It changes no rules of this machine's packet filter, so its containers reach each other and nothing
 * else; a port of theirs that is published on 127.0.0.1 is reached through a proxy of the daemon's.
 * @throws MissingError where this machine lacks what it needs
 */
export async function startDockerDaemon(engine: DockerEngine, signal?: AbortSignal): Promise<DockerDaemon> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    throw new MissingError("A Docker daemon is started on Linux as root: run it with sudo, or start one yourself.");
  }
  await sweep();
  await requireCommand("ip", "iproute2", signal, "-V");
  const id = `${Deno.pid}-${started++}`;
  const directory = directoryOf(id);
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(join(directory, "owner.json"), JSON.stringify(identify(Deno.pid)));
  const address = `unix://${join(directory, "docker.sock")}`;
  const processes = new Processes(directory);
  try {
    await addBridge(id, signal);
    await step("Starting a Docker daemon", async () => {
      const dockerd = [
        ...["dockerd", `--host=${address}`, `--pidfile=${join(directory, "docker.pid")}`],
        ...[`--data-root=${join(directory, "data")}`, `--exec-root=${join(directory, "exec")}`],
        ...[`--bridge=${bridgeOf(id)}`, "--iptables=false", "--ip6tables=false", "--ip-forward=false"],
        // One that systemd manages would need systemd.
        ...[`--cgroup-parent=/${cgroupOf(id)}`, "--exec-opt=native.cgroupdriver=cgroupfs"],
        // Nobody else's settings.
        `--config-file=${join(directory, "daemon.json")}`,
      ];
      await Deno.writeTextFile(join(directory, "daemon.json"), "{}");
      const env = { PATH: engine.path, LD_LIBRARY_PATH: engine.libraries };
      const prefix = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "--"];
      const program = { name: PROGRAM, command: ["/bin/sh", "-euc", WORLD, "world", ...dockerd], env } as const;
      await processes.start(program, { prefix });
      await until("the Docker daemon answers", async () => {
        await processes.requireAlive();
        return existsSync(join(directory, "docker.sock")) &&
          await succeeds("env", [`PATH=${engine.path}`, "docker", `--host=${address}`, "info"], { signal });
      }, { milliseconds: 60_000, signal, explain: () => processes.logTail(PROGRAM) });
    });
  } catch (error) {
    await remove(id);
    throw error;
  }
  return { address, [Symbol.asyncDispose]: () => remove(id) };
}

/** Ends the daemons whose starters were killed before they could. */
async function sweep(): Promise<void> {
  for (const id of (await directories(directoryOf(""))).map((path) => basename(path))) {
    const text = await unlessAbsent(Deno.readTextFile(join(directoryOf(id), "owner.json")));
    if (text === undefined || !isAlive(JSON.parse(text) as ProcessIdentity)) await remove(id);
  }
}

async function addBridge(id: string, signal?: AbortSignal): Promise<void> {
  const ip = (...args: string[]) => runCommand("ip", args, { signal });
  // Two that start at a time must not find the same network free.
  await withLock("docker-bridge", signal, async () => {
    const routes: { readonly dst: string }[] = JSON.parse(await ip("-json", "route", "show", "table", "all"));
    const network = freeNetwork(routes.map(({ dst }) => dst));
    await ip("link", "add", bridgeOf(id), "type", "bridge");
    await ip("address", "add", `${network}.1/24`, "dev", bridgeOf(id));
    await ip("link", "set", bridgeOf(id), "up");
  });
}

/** Ends a daemon and removes all that it had. */
async function remove(id: string): Promise<void> {
  await new Processes(directoryOf(id)).endAll();
  await removeCgroup(cgroupOf(id));
  try {
    await runCommand("ip", ["link", "delete", bridgeOf(id)]);
  } catch (error) {
    // It was not made.
    if (!(error instanceof CommandError)) throw error;
  }
  await unlessAbsent(Deno.remove(directoryOf(id), { recursive: true }));
}

function directoryOf(id: string): string {
  return join(cacheDirectory(), "docker-daemons", id);
}

/** An interface's name has 15 characters at most. */
function bridgeOf(id: string): string {
  return `vgd${id}`;
}

function cgroupOf(id: string): string {
  return `view-gateway-docker-${id}`;
}

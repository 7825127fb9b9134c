import { CommandError, runCommand, succeeds } from "../process/command.ts";
import { step } from "../process/step.ts";

/** Where the Docker daemon is that has an image, or why there is none. */
export type DockerImage = { readonly daemon: string } | { readonly lacking: string };

/**
 * Finds a Docker daemon on this machine that has an image or can get it. A daemon without a way to the registry is
 * noticed in seconds.
 */
export async function dockerImage(image: string, signal?: AbortSignal): Promise<DockerImage> {
  const daemon = await dockerDaemon(signal);
  if ("lacking" in daemon) return daemon;
  if (await dockerSucceeds(5_000, ["image", "inspect", image], signal)) return daemon;
  const pulled = await dockerSucceeds(8_000, ["manifest", "inspect", image], signal) &&
    await step(`Pulling ${image}`, () => dockerSucceeds(300_000, ["pull", "--quiet", image], signal));
  if (pulled) return daemon;
  return { lacking: `Docker at ${daemon.daemon} neither has ${image} nor can pull it` };
}

/** Finds a Docker daemon on this machine. */
export async function dockerDaemon(signal?: AbortSignal): Promise<DockerImage> {
  if (!await dockerSucceeds(5_000, ["--version"], signal)) return { lacking: "there is no docker on PATH" };
  const daemon = await chosenDaemon(signal);
  if (daemon === undefined) return { lacking: "docker has not the context that is chosen" };
  if (!isOnThisMachine(daemon)) return { lacking: `the Docker daemon at ${daemon} is on another machine` };
  if (!await dockerSucceeds(5_000, ["info"], signal)) return { lacking: `no Docker daemon answers at ${daemon}` };
  return { daemon };
}

/** Where Docker's command line would look: DOCKER_HOST, else what the chosen context says. */
async function chosenDaemon(signal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await runCommand("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], { signal }))
      .trim();
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/** Whether the ports that a daemon publishes on 127.0.0.1 are this machine's. */
export function isOnThisMachine(daemon: string): boolean {
  if (!URL.canParse(daemon)) return false;
  const { protocol, hostname } = new URL(daemon);
  if (protocol === "unix:" || protocol === "npipe:") return true;
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** Whether Docker's command line succeeds, within a number of milliseconds. */
export async function dockerSucceeds(
  milliseconds: number,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const limit = AbortSignal.timeout(milliseconds);
  try {
    return await succeeds("docker", args, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch (error) {
    if (limit.aborted && !signal?.aborted) return false;
    throw error;
  }
}

import { succeeds } from "../../scripts/command.ts";
import { step } from "../../scripts/progress.ts";

/**
 * Whether there is a Docker daemon that has an image or can get it. A daemon without a way to the registry is noticed in
 * seconds.
 */
export async function dockerObtains(image: string, signal?: AbortSignal): Promise<boolean> {
  if (!await docker(5_000, ["info"], signal)) return false;
  if (await docker(5_000, ["image", "inspect", image], signal)) return true;
  if (!await docker(8_000, ["manifest", "inspect", image], signal)) return false;
  return await step(`Pulling ${image}`, () => docker(300_000, ["pull", "--quiet", image], signal));
}

/** Whether Docker's command line succeeds, within a number of milliseconds. */
export async function docker(
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

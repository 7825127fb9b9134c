/** Makes kube-router available, from its Go module: for NetworkPolicies on the own node. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../cache/cache.ts";
import { runCommand } from "../../process/command.ts";
import { cachedDirectory, isCached } from "../../cache/cached_directory.ts";
import type { RequiredTool } from "../../needs/needs.ts";
import { step } from "../../process/step.ts";
import { requireGo } from "../../needs/require_go.ts";

const NAME = "kube-router";
const module = fileURLToPath(new URL("kube_router/", import.meta.url));

/**
 * The path of kube-router. The first call builds it, in two minutes on two cores, and keeps it in the user's cache.
 * @throws MissingError if there is no Go
 */
export async function kubeRouterBinary(signal?: AbortSignal): Promise<string> {
  const directory = await cachedDirectory(NAME, await inputs(), async (directory) => {
    await requireGo("kube-router is", "install k3d and start a Docker daemon that can pull images", signal);
    const main = "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router";
    const args = ["build", "-ldflags=-s -w", "-o", join(directory, "kube-router"), main];
    // It runs in the node's namespaces, so it must need nothing else.
    const env = { CGO_ENABLED: "0" };
    await step(
      "Building kube-router (some 2 minutes on two cores, once)",
      () => runCommand("go", args, { cwd: module, env, signal }),
    );
  }, { signal });
  return join(directory, "kube-router");
}

/** What `kubeRouterBinary` needs now. */
export async function kubeRouterNeeds(): Promise<readonly RequiredTool[]> {
  return isCached(NAME, await inputs()) ? [] : [{ tool: "go", purpose: "to build kube-router" }];
}

function inputs(): Promise<string> {
  return inputHash([Deno.build.os, Deno.build.arch], ["go.mod", "go.sum"].map((name) => join(module, name)));
}

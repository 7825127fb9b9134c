import * as node from "../test/cluster/node.ts";
import type { LoadImage } from "./deploy.ts";
import { Kubectl, kubectlFor } from "./kubectl.ts";
import { loaderOf } from "./load_image.ts";

/** The cluster that the end-to-end tests run on. */
export interface Target {
  readonly kubectl: Kubectl;
  readonly load: LoadImage;
  /** Path of the network namespace in which pods are reached directly; undefined where they are not. */
  readonly netns: string | undefined;
  /** Where the tests' own process finds its kubeconfig; kubectl's default where undefined. */
  readonly kubeconfig: string | undefined;
  /** Whether it has been started for the tests. */
  readonly started: boolean;
}

/** The cluster that KUBECONFIG names, else the project's own node, which is started where it is not up. */
export async function findTarget(signal: AbortSignal): Promise<Target> {
  const kubeconfig = Deno.env.get("KUBECONFIG");
  const { cluster, missing } = await node.status();
  if (kubeconfig && kubeconfig !== cluster?.kubeconfig) {
    const kubectl = new Kubectl("kubectl");
    const context = (await kubectl.run(["config", "current-context"], { signal })).trim();
    return { kubectl, load: loaderOf(context), netns: undefined, kubeconfig, started: false };
  }
  const standing = cluster !== undefined && missing.length === 0;
  const own = await node.up(signal);
  const { netns, insideKubeconfig } = own;
  return { kubectl: kubectlFor(own), load: node.loadImage, netns, kubeconfig: insideKubeconfig, started: !standing };
}

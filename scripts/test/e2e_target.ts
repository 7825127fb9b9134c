import { borrowNode, loadImageOnNode, nodeStatus } from "../cluster/node/node.ts";
import type { LoadImage } from "../deploy/deploy.ts";
import { Kubectl, kubectlFor } from "../deploy/kubectl.ts";
import { loaderOf } from "../deploy/load_image.ts";
import { requireOwnNamespaces } from "../deploy/own_namespaces.ts";

/** The cluster that the end-to-end tests run on. */
export interface Target extends AsyncDisposable {
  readonly kubectl: Kubectl;
  readonly load: LoadImage;
  /** Path of the network namespace of the pods; undefined if the tests cannot be in it. */
  readonly netns: string | undefined;
  /** Path of the tests' kubeconfig. Default: kubectl's. */
  readonly kubeconfig: string | undefined;
}

/** The path of the kubeconfig that KUBECONFIG names, unless it is that of the project's own node. */
export async function foreignCluster(): Promise<string | undefined> {
  const kubeconfig = Deno.env.get("KUBECONFIG");
  const { cluster } = await nodeStatus();
  return kubeconfig && kubeconfig !== cluster?.kubeconfig ? kubeconfig : undefined;
}

/**
 * The cluster that KUBECONFIG names; undefined where that is none, or the project's own node.
 * @param namespaces what the tests make on it
 * @throws MissingError where the tests cannot or must not run on it
 */
export async function foreignTarget(namespaces: readonly string[], signal: AbortSignal): Promise<Target | undefined> {
  const kubeconfig = await foreignCluster();
  if (kubeconfig === undefined) return undefined;
  const kubectl = new Kubectl("kubectl");
  const context = (await kubectl.run(["config", "current-context"], { signal })).trim();
  const load = loaderOf(context);
  await requireOwnNamespaces(kubectl, namespaces, signal);
  return { kubectl, load, netns: undefined, kubeconfig, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The project's own node. A node that this has to start stops at the end of its scope. */
export async function ownTarget(signal: AbortSignal): Promise<Target> {
  const own = await borrowNode(signal);
  const { netns, insideKubeconfig } = own.cluster;
  return {
    ...{ kubectl: kubectlFor(own.cluster), load: loadImageOnNode, netns, kubeconfig: insideKubeconfig },
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
}

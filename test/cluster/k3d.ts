/** A real cluster by k3d, where Docker can get its image. */
import { join } from "node:path";
import { run, succeeds } from "../../scripts/command.ts";
import { clusterDirectory } from "./cluster_directory.ts";
import { dockerObtains } from "./docker.ts";

const image = "rancher/k3s:v1.33.5-k3s1";
export const K3D_CLUSTER = "view-gateway";

export async function k3dObtainable(signal?: AbortSignal): Promise<boolean> {
  return await succeeds("k3d", ["version"], { signal }) && await dockerObtains(image, signal);
}

/** Creates the cluster and answers the path of its kubeconfig. */
export async function createK3d(name: string, restartBackoff?: string, signal?: AbortSignal): Promise<string> {
  const kubelet = restartBackoff === undefined ? [] : [
    "--k3s-arg=--kubelet-arg=feature-gates=KubeletCrashLoopBackOffMax=true@server:*",
    `--k3s-arg=--kubelet-arg=crash-loop-back-off-max-container-restart-period=${restartBackoff}@server:*`,
  ];
  await run("k3d", [
    ...["cluster", "create", K3D_CLUSTER, `--image=${image}`, "--api-port=127.0.0.1:0", "--wait", "--timeout=180s"],
    // Its ports are for the Services of the test.
    ...["--k3s-arg=--disable=traefik@server:*", "--kubeconfig-update-default=false", ...kubelet],
  ], { signal });
  const kubeconfig = join(clusterDirectory(name), "kubeconfig");
  const text = await run("k3d", ["kubeconfig", "get", K3D_CLUSTER], { signal });
  await Deno.writeTextFile(kubeconfig, text, { mode: 0o600 });
  return kubeconfig;
}

export async function deleteK3d(): Promise<void> {
  await run("k3d", ["cluster", "delete", K3D_CLUSTER]);
}

export async function loadIntoK3d(archive: string, signal?: AbortSignal): Promise<void> {
  await run("k3d", ["image", "import", archive, "--cluster", K3D_CLUSTER], { signal });
}

/** Connects a port of this machine to the port of a Service of type LoadBalancer. */
export async function forwardToK3d(listen: string, port: string, signal?: AbortSignal): Promise<void> {
  await run("k3d", ["cluster", "edit", K3D_CLUSTER, "--port-add", `${listen}:${port}@loadbalancer`], { signal });
}

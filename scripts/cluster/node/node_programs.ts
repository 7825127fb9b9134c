/** What runs on the own node beside the control plane. */
import { join } from "node:path";
import { kubeletConfiguration, NODE_ADDRESS, NODE_NAME, POD_NETWORK } from "./node_files.ts";
import { SERVICE_NETWORK } from "../control_plane.ts";
import type { NodeRuntime } from "./node_runtime.ts";
import { directory } from "./node_world.ts";
import type { Program } from "../processes/processes.ts";

const KUBELET_FILE = join(directory, "kubelet.yaml");

export function kubeProxy(binaries: string, kubeconfig: string): Program {
  return {
    name: "kube-proxy",
    command: [
      join(binaries, "kube-proxy"),
      ...[`--kubeconfig=${kubeconfig}`, `--cluster-cidr=${POD_NETWORK}`, `--hostname-override=${NODE_NAME}`],
      "--proxy-mode=iptables",
      // These are the whole machine's: leave them.
      ...["--conntrack-max-per-core=0", "--conntrack-min=0"],
      ...["--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s"],
    ],
  };
}

/**
 * Enforces NetworkPolicies, and does nothing else of what kube-router can do. Its rules end with the node's network
 * namespace. It needs the node's object.
 */
export function kubeRouter(binary: string, kubeconfig: string, { path }: NodeRuntime): Program {
  return {
    name: "kube-router",
    command: [
      binary,
      ...[`--kubeconfig=${kubeconfig}`, `--hostname-override=${NODE_NAME}`],
      ...["--run-firewall=true", "--run-router=false", "--run-service-proxy=false", "--run-loadbalancer=false"],
      ...["--enable-cni=false", `--service-cluster-ip-range=${SERVICE_NETWORK}`],
      "--service-node-port-range=30000-32767",
      ...["--health-port=0", "--metrics-addr=127.0.0.1", "--metrics-port=20241", "--v=1"],
    ],
    env: { PATH: path },
  };
}

export function kubelet(binaries: string, kubeconfig: string, { path }: NodeRuntime): Program {
  return {
    name: "kubelet",
    command: [
      join(binaries, "kubelet"),
      ...[`--config=${KUBELET_FILE}`, `--kubeconfig=${kubeconfig}`],
      ...[`--hostname-override=${NODE_NAME}`, `--node-ip=${NODE_ADDRESS}`],
    ],
    env: { PATH: path },
  };
}

export async function configureKubelet(restartBackoff: string | undefined): Promise<void> {
  await Deno.writeTextFile(KUBELET_FILE, kubeletConfiguration({ directory, restartBackoff }));
}

/** The API server's way to the kubelet, for logs and exec. */
export function kubeletAccess(): readonly string[] {
  return [
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${join(directory, "pki/admin.crt")}`,
    `--kubelet-client-key=${join(directory, "pki/admin.key")}`,
  ];
}

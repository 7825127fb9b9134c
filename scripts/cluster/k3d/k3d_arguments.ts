import { OWNER_LABEL } from "./k3d_owner.ts";

/**
 * A file in this directory of a node adds to what k3s tells its kubelet:
 * https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/#kubelet-conf-d
 */
const KUBELET_DIRECTORY = "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d";

export interface CreateOptions {
  readonly image: string;
  /** Who makes it. */
  readonly owner: string;
  /** Path of a file for the kubelet. */
  readonly kubeletFile?: string | undefined;
}

/** What k3d creates a cluster with. It leaves every kubeconfig as it is. */
export function createArguments(name: string, { image, owner, kubeletFile }: CreateOptions): readonly string[] {
  return [
    ...["cluster", "create", name, `--image=${image}`, "--wait", "--timeout=180s"],
    ...["--kubeconfig-update-default=false", "--kubeconfig-switch-context=false"],
    `--runtime-label=${OWNER_LABEL}=${owner}@server:*`,
    // A port that is free; with 0 the kubeconfig says 0.
    "--api-port=127.0.0.1:random",
    // Else the load balancer cuts a WebSocket that is quiet for ten minutes, which a view's own lease is to decide.
    "--lb-config-override=settings.defaultProxyTimeout=86400",
    // Nothing uses these. The ports are for Services of the tests.
    ...["traefik", "servicelb", "metrics-server"].map((part) => `--k3s-arg=--disable=${part}@server:*`),
    // With it 1.33's kubelet panics where a pod is deleted just as it starts.
    "--k3s-arg=--kubelet-arg=feature-gates=InPlacePodVerticalScaling=false@server:*",
    ...kubeletFile === undefined ? [] : [`--volume=${kubeletFile}:${KUBELET_DIRECTORY}/10-view-gateway.conf@server:*`],
  ];
}

/** What the kubelet's file says, for the longest pause before a container is restarted. There is no flag for it. */
export function kubeletDropIn(restartBackoff: string): string {
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      featureGates: { KubeletCrashLoopBackOffMax: true },
      crashLoopBackOff: { maxContainerRestartPeriod: restartBackoff },
    },
    null,
    2,
  );
}

/** What connects a port of this machine, such as `127.0.0.1:8080`, to a port of all of a cluster's nodes. */
export function forwardArguments(name: string, listen: string, port: number): readonly string[] {
  return ["cluster", "edit", name, "--port-add", `${listen}:${port}@loadbalancer`];
}

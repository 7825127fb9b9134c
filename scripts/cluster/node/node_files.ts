/** The texts of a node's configuration files. */
import { SERVICE_NETWORK } from "../control_plane.ts";

/** Of all pods; each gets one of it. */
export const POD_NETWORK = "10.244.0.0/16";
/** The node's own, on a bridge that leads nowhere. */
export const NODE_ADDRESS = "198.18.0.1";
export const NODE_NAME = "node";
export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10";

/**
 * A shell script that makes a node's world of its own and then becomes the program that holds it. It is the first process
 * of new network, mount and process namespaces: when it ends, for whatever reason, the kernel ends all processes in them,
 * and their mounts, interfaces and rules go with them.
 * Arguments: the node's directory, and the program.
 */
export const NODE_WORLD = `
mount -t proc proc /proc
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/netns /run/lock "$1/lib" "$1/system-log"
mount --bind "$1/lib" /var/lib
mount --bind "$1/system-log" /var/log
# The kubelet sets these for the whole machine. Here it sets copies instead.
for name in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys \\
  kernel/keys/root_maxbytes; do
  mkdir -p "$1/sysctl/$name"
  cat "/proc/sys/$name" > "$1/sysctl/$name/value"
  mount --bind "$1/sysctl/$name/value" "/proc/sys/$name"
done
mount --make-rshared /
ip link set lo up
ip link add node type bridge
ip address add ${NODE_ADDRESS}/24 dev node
ip link set node up
# No interface has the addresses of Services. A packet needs a route before kube-proxy changes its destination.
ip route add ${SERVICE_NETWORK} dev node
# All other addresses fail at once, for example those of name servers and registries.
ip route add unreachable default
: > "$1/world"
exec "$2"
`;

export function cniConfiguration(): string {
  return JSON.stringify({
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      {
        type: "bridge",
        bridge: "pods",
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: POD_NETWORK }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  });
}

export interface ContainerdOptions {
  /** The node's directory. */
  readonly directory: string;
  /** Of the CNI plugins. */
  readonly plugins: string;
  /** `native` where the file system cannot be the lower one of an overlay. */
  readonly snapshotter: "overlayfs" | "native";
}

export function containerdConfiguration({ directory, plugins, snapshotter }: ContainerdOptions): string {
  // JSON's strings are TOML's.
  const text = JSON.stringify;
  return `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  disable_apparmor = true
  # Without a capability that containers of such a machine may lack, no score can be lowered.
  restrict_oom_score_adj = true
  sandbox_image = ${text(PAUSE_IMAGE)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(snapshotter)}
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(plugins)}
    conf_dir = ${text(`${directory}/cni`)}
`;
}

export interface KubeletOptions {
  readonly directory: string;
  /** The longest pause before a container restarts: a Go duration, at least `1s`. Default: five minutes. */
  readonly restartBackoff?: string | undefined;
}

export function kubeletConfiguration({ directory, restartBackoff }: KubeletOptions): string {
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: false },
        x509: { clientCAFile: `${directory}/pki/ca.crt` },
      },
      authorization: { mode: "AlwaysAllow" },
      cgroupDriver: "cgroupfs",
      cgroupsPerQOS: false,
      enforceNodeAllocatable: [],
      containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
      evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
      failSwapOn: false,
      localStorageCapacityIsolation: false,
      maxPods: 200,
      // Nothing in this network answers to names.
      resolvConf: "/dev/null",
      // Thirty pods at a time would wait for its usual limit of 50 calls a second.
      ...{ kubeAPIQPS: 500, kubeAPIBurst: 1000, registryPullQPS: 0, serializeImagePulls: false },
      featureGates: {
        // With it 1.33's kubelet panics (a nil pointer in doPodResizeAction) where a pod is deleted just as it starts.
        InPlacePodVerticalScaling: false,
        ...restartBackoff !== undefined && { KubeletCrashLoopBackOffMax: true },
      },
      ...restartBackoff !== undefined && { crashLoopBackOff: { maxContainerRestartPeriod: restartBackoff } },
    },
    null,
    2,
  );
}

/** The project's node is of one of two kinds, which are used alike. */

export interface NodeCluster {
  /** Path of a kubeconfig for this machine: its server is at 127.0.0.1. */
  readonly kubeconfig: string;
  /** Path of a kubeconfig for a process in the node's network namespace. */
  readonly insideKubeconfig: string;
  /** Path of the node's network namespace, in which pods and Services are reached; undefined with k3d. */
  readonly netns?: string | undefined;
  /** What a command needs on its PATH to find kubectl; undefined where it is there already. */
  readonly bin?: string | undefined;
}

export interface NodeOptions {
  /** A Go duration, at least `1s`: the longest pause before the kubelet restarts a container. The kubelet's default where undefined. */
  readonly restartBackoff?: string | undefined;
}

/** `own` is built from Go modules and Debian's packages, in a network of its own on this machine. */
export type NodeKindName = "k3d" | "own";

/** What `cluster.json` says about the node. */
export interface NodeState {
  readonly kind: NodeKindName;
  readonly restartBackoff?: string | undefined;
  /** With k3d: the label's value by which its containers are known. */
  readonly madeBy?: string | undefined;
  /** Present once it is ready. */
  readonly cluster?: NodeCluster;
}

/** Where a Service is reached, from the node's network or from outside. */
export interface ForwardedService {
  readonly clusterIP: string;
  readonly port: number;
  /** The node's own port for it, which a Service of type LoadBalancer has too. */
  readonly nodePort: number;
}

/** How the nodes of one kind are started and used. All but `start` and `remove` are for a node that is up. */
export interface NodeKind {
  /** Starts it where there is none, and writes its state. What has failed halfway is left for `remove`. */
  start(options: NodeOptions, signal?: AbortSignal): Promise<NodeCluster>;
  /** Takes down all that `start` has made, and nothing else. */
  remove(): Promise<void>;
  /** Waits for a node that is slow, and tries to start again what has stopped of it. Answers whether it is up now. */
  revive(signal?: AbortSignal): Promise<boolean>;
  setRestartBackoff(duration: string | undefined, signal?: AbortSignal): Promise<void>;
  /** Takes the images in a docker-archive file into the node, unless images of these references are there. */
  loadImage(archive: string, signal?: AbortSignal): Promise<void>;
  /** Whether a port of this machine is one that `forward` has taken. */
  forwards(listen: string, signal?: AbortSignal): Promise<boolean>;
  forward(listen: string, service: ForwardedService, signal?: AbortSignal): Promise<void>;
  unforward(listen: string): Promise<void>;
}

/** The interface of both kinds of node. */
import type { Program } from "../processes/processes.ts";

export interface NodeCluster {
  /** Path of a kubeconfig for this machine: its server is at 127.0.0.1. */
  readonly kubeconfig: string;
  /** Path of a kubeconfig for a process in the node's network namespace. */
  readonly insideKubeconfig: string;
  /** Path of the network namespace from which pods and Services can be reached; undefined with k3d. */
  readonly netns?: string | undefined;
  /** A directory with kubectl, for a command's PATH; undefined if kubectl is on PATH already. */
  readonly bin?: string | undefined;
}

export interface NodeOptions {
  /** The longest pause before the kubelet restarts a container: a Go duration, at least `1s`. Default: the kubelet's. */
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

/** The addresses of a Service, in the node's network and outside of it. */
export interface ForwardedService {
  readonly clusterIP: string;
  readonly port: number;
  /** Its node port, which a Service of type LoadBalancer has too. */
  readonly nodePort: number;
}

/** How to start and use nodes of one kind. All methods except `start` and `remove` need a node that is up. */
export interface NodeKind {
  /** Starts a node and writes its state. If it fails halfway, `remove` cleans up. */
  start(options: NodeOptions, signal?: AbortSignal): Promise<NodeCluster>;
  /** Removes all that `start` has made, and nothing else. */
  remove(): Promise<void>;
  /** Waits for a slow node, and tries to start again what has stopped. Answers whether the node is up now. */
  revive(signal?: AbortSignal): Promise<boolean>;
  setRestartBackoff(duration: string | undefined, signal?: AbortSignal): Promise<void>;
  /** Loads the images of a docker-archive file into the node, unless the node has their references. */
  loadImage(archive: string, signal?: AbortSignal): Promise<void>;
  /** Whether `forward` has taken a port of this machine. */
  forwards(listen: string, signal?: AbortSignal): Promise<boolean>;
  forward(listen: string, service: ForwardedService, signal?: AbortSignal): Promise<void>;
  unforward(listen: string): Promise<void>;
  /** What runs beside the pods; undefined where nothing can. */
  readonly guests: NodeGuests | undefined;
}

/** Programs beside the pods, such as a Prometheus. They end with the node. The node does not need them. */
export interface NodeGuests {
  /** The folder for a guest's files, which goes with the node. */
  directory(name: string): string;
  /** Starts it in the node's network, where it reaches pods, and they reach it. The former of its name ends. */
  start(program: Program): Promise<void>;
  /** Ends it, if it is there. */
  end(name: string): Promise<void>;
  /**
   * Connects a port of this machine's loopback address to the same port there, until `unforward`.
   * @throws MissingError where the port is taken
   */
  forward(port: number, signal?: AbortSignal): Promise<void>;
  /** @throws CommandError with the end of its log where it has ended by itself */
  requireAlive(name: string): Promise<void>;
  /** The last lines that it wrote. */
  logTail(name: string): Promise<string>;
}

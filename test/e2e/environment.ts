/** What `deno task e2e` says about the gateways under test. */
export interface Environment {
  /** Namespace of the gateway that most stories are about. */
  readonly namespace: string;
  /** Namespace of the gateway with another base host. */
  readonly otherNamespace: string;
  /** Whether this process is in the network of the pods, and sees the node's processes. */
  readonly direct: boolean;
  readonly kubectl: string;
  /** The browser's binary. */
  readonly chromium: string;
  /** Deno's binary. */
  readonly deno: string;
  /** Path of the network namespace that this process would be in if it were not in that of the pods. */
  readonly outsideNetwork: string;
  /** Where pods of the template `recorded` report what was delivered: an address of the node's. */
  readonly deliveriesUrl: string;
  /** Milliseconds between kills of sidecars. */
  readonly killEvery: number;
}

export function environment(
  variables: NodeJS.ProcessEnv = process.env,
): Environment {
  return {
    namespace: variables.E2E_NAMESPACE ?? "e2e",
    otherNamespace: variables.E2E_OTHER_NAMESPACE ?? "e2e-base-host",
    direct: variables.POD_NETWORK === "direct",
    kubectl: variables.KUBECTL ?? "kubectl",
    chromium: variables.CHROMIUM ?? "/usr/bin/chromium",
    deno: variables.DENO ?? "deno",
    outsideNetwork: variables.OUTSIDE_NETWORK ?? "/proc/1/ns/net",
    deliveriesUrl: variables.DELIVERIES_URL ?? "http://127.0.0.1:18099/",
    killEvery: Number(variables.KILL_EVERY_SECONDS ?? 3) * 1_000,
  };
}

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
  };
}

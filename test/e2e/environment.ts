/** The settings that `deno task e2e` and `deno task test:faults` pass on. */
export interface Environment {
  /** Namespace of the gateway that most stories are about. */
  readonly namespace: string;
  /** Namespace of the gateway with another base host. */
  readonly otherNamespace: string;
  /** Namespace of the gateway at which people sign in. */
  readonly signInNamespace: string;
  /** Whether this process is in the network of the pods, and sees the node's processes. */
  readonly direct: boolean;
  readonly kubectl: string;
  /** The file of the plugin `kubectl view`. */
  readonly kubectlView: string;
  /** The browser's binary. */
  readonly chromium: string;
  /** Deno's binary. */
  readonly deno: string;
  /** Path of the machine's own network namespace, as this process is in that of the pods. */
  readonly outsideNetwork: string;
  /** The URL to which pods with the template `recorded` report requests: an address of the node. */
  readonly deliveriesUrl: string;
  /** Milliseconds between kills of sidecars. */
  readonly killEvery: number;
  /** The Prometheus of this run, and the folder with what it scrapes. Only the project's own node has one. */
  readonly prometheus: { readonly url: string; readonly targets: string } | undefined;
  /** Why there is no former release to upgrade from, and what to do; undefined where there is. */
  readonly upgradeLack: string | undefined;
  /** Namespace of the gateway that is upgraded. */
  readonly upgradeNamespace: string;
  /** Directories of its overlays: of the former release, and of this version. */
  readonly overlays: Readonly<Record<"former" | "this", string>>;
}

export function environment(
  variables: NodeJS.ProcessEnv = process.env,
): Environment {
  return {
    namespace: variables.E2E_NAMESPACE ?? "e2e",
    otherNamespace: variables.E2E_OTHER_NAMESPACE ?? "e2e-base-host",
    signInNamespace: variables.E2E_SIGN_IN_NAMESPACE ?? "e2e-sign-in",
    direct: variables.POD_NETWORK === "direct",
    kubectl: variables.KUBECTL ?? "kubectl",
    kubectlView: variables.KUBECTL_VIEW ?? "kubectl-view",
    chromium: variables.CHROMIUM ?? "/usr/bin/chromium",
    deno: variables.DENO ?? "deno",
    outsideNetwork: variables.OUTSIDE_NETWORK ?? "/proc/1/ns/net",
    deliveriesUrl: variables.DELIVERIES_URL ?? "http://127.0.0.1:18099/",
    upgradeLack: variables.UPGRADE_LACK,
    upgradeNamespace: variables.UPGRADE_NAMESPACE ?? "e2e-upgrade",
    overlays: { former: variables.UPGRADE_FROM ?? "", this: variables.UPGRADE_TO ?? "" },
    killEvery: Number(variables.KILL_EVERY_SECONDS ?? 3) * 1_000,
    prometheus: prometheusIn(variables),
  };
}

function prometheusIn(
  { PROMETHEUS_URL: url, PROMETHEUS_TARGETS: targets }: NodeJS.ProcessEnv,
): Environment["prometheus"] {
  return url === undefined || targets === undefined ? undefined : { url, targets };
}

import { join } from "node:path";
import type { Certificates } from "./certificates.ts";
import type { Program } from "./processes/processes.ts";

/** The addresses of Services. */
export const SERVICE_NETWORK = "10.96.0.0/16";
/** The address of the Service `kubernetes`. */
export const API_SERVICE = "10.96.0.1";

/** Flags: with its default limit of 20 calls a second, a controller manager needs seconds for some dozens of Jobs. */
export const MANY_CALLS = { "kube-api-qps": "1000", "kube-api-burst": "2000" } as const;

export interface ControlPlaneSettings {
  /** Holds links to the components' binary under their names. */
  readonly components: string;
  /** The cluster's own directory. */
  readonly directory: string;
  /** The address of the API server. */
  readonly address: string;
  readonly port: number;
  /** The address on which it listens: all addresses if it is alone in a network. */
  readonly bind: string;
  /** The kubeconfig that the other components use. */
  readonly kubeconfig: string;
}

/** Writes the certificates' files that the components read. */
export async function writeCertificates(directory: string, made: Certificates): Promise<void> {
  const pki = join(directory, "pki");
  await Deno.mkdir(pki, { recursive: true });
  const write = (name: string, text: string) => Deno.writeTextFile(join(pki, name), text, { mode: 0o600 });
  await write("ca.crt", made.authority);
  for (const [name, pair] of Object.entries({ server: made.server, admin: made.admin, tokens: made.tokens })) {
    await write(`${name}.crt`, pair.certificate);
    await write(`${name}.key`, pair.key);
  }
}

/**
 * etcd with its own socket for the API server. It has no other members, but has to listen for them: it does so on a free
 * port.
 */
export function etcd({ components, directory }: ControlPlaneSettings): Program {
  const peer = "http://localhost:2380";
  return {
    name: "etcd",
    command: [
      join(components, "etcd"),
      `--data-dir=${join(directory, "etcd")}`,
      ...[
        `--listen-client-urls=unix://${join(directory, "etcd.sock")}`,
        "--advertise-client-urls=http://localhost:2379",
      ],
      ...["--listen-peer-urls=http://127.0.0.1:0", `--initial-advertise-peer-urls=${peer}`],
      `--initial-cluster=default=${peer}`,
      // Nobody needs the data after a crash of the machine.
      "--unsafe-no-fsync",
      "--quota-backend-bytes=8589934592",
      "--log-level=warn",
    ],
  };
}

export function apiServer(plane: ControlPlaneSettings, extra: readonly string[] = []): Program {
  const { components, directory, address, port, bind } = plane;
  const pki = (name: string) => join(directory, "pki", name);
  return {
    name: "kube-apiserver",
    command: [
      join(components, "kube-apiserver"),
      `--etcd-servers=unix://${join(directory, "etcd.sock")}`,
      ...[`--bind-address=${bind}`, `--secure-port=${port}`, `--advertise-address=${address}`],
      ...[`--tls-cert-file=${pki("server.crt")}`, `--tls-private-key-file=${pki("server.key")}`],
      `--client-ca-file=${pki("ca.crt")}`,
      "--authorization-mode=RBAC",
      // As in other clusters: walls have to refuse such pods, not this flag.
      "--allow-privileged",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki("tokens.crt")}`,
      `--service-account-signing-key-file=${pki("tokens.key")}`,
      `--service-cluster-ip-range=${SERVICE_NETWORK}`,
      ...extra,
    ],
  };
}

/** The programs that start when the API server is ready. */
export function controllers({ components, directory, kubeconfig }: ControlPlaneSettings): readonly Program[] {
  const common = [
    ...[`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"],
    ...Object.entries(MANY_CALLS).map(([flag, value]) => `--${flag}=${value}`),
  ];
  return [
    {
      name: "kube-controller-manager",
      command: [
        join(components, "kube-controller-manager"),
        ...common,
        `--root-ca-file=${join(directory, "pki/ca.crt")}`,
        `--service-account-private-key-file=${join(directory, "pki/tokens.key")}`,
      ],
    },
    { name: "kube-scheduler", command: [join(components, "kube-scheduler"), ...common] },
  ];
}

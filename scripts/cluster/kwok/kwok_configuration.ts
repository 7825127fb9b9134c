import { MANY_CALLS } from "../control_plane.ts";
import { stages } from "./stages.ts";

const apiVersion = "config.kwok.x-k8s.io/v1alpha1";

/** kwok's configuration file: JSON documents, which are YAML. */
export function kwokConfiguration(): string {
  const options = { apiVersion, kind: "KwokConfiguration", options: { podPlayStageParallelism: 16 } };
  return documents([options, ...stages()]);
}

/** The same for kwokctl, which starts the control plane too. */
export function kwokctlConfiguration(): string {
  const patches = Object.entries({
    // Nobody needs the data after a crash of the machine.
    etcd: { "unsafe-no-fsync": "true" },
    "kube-controller-manager": MANY_CALLS,
    "kube-scheduler": MANY_CALLS,
  });
  const componentsPatches = patches.map(([name, args]) => ({
    name,
    extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })),
  }));
  const control = { apiVersion, kind: "KwokctlConfiguration", componentsPatches };
  return [kwokConfiguration(), documents([control])].join(SEPARATOR);
}

const SEPARATOR = "\n---\n";

function documents(of: readonly object[]): string {
  return of.map((document) => JSON.stringify(document)).join(SEPARATOR);
}

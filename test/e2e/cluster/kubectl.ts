import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { NAME_LABEL } from "./cluster.ts";
import { environment } from "../environment.ts";

/** How often an object is applied that meets others' at the quota of the namespace. */
const TRIES = 3;

/** Applies an object with kubectl, as a person does, who tries again after a conflict at a quota. */
export async function apply(
  namespace: string,
  manifest: unknown,
): Promise<void> {
  for (let tries = 1;; tries++) {
    const failure = await applyOnce(namespace, manifest);
    if (failure === undefined) return;
    if (tries === TRIES || !/resourcequotas .* has been modified/.test(failure)) throw new Error(failure);
  }
}

async function applyOnce(namespace: string, manifest: unknown): Promise<string | undefined> {
  const { kubectl } = environment();
  const child = spawn(kubectl, [
    "apply",
    `--namespace=${namespace}`,
    "--validate=strict",
    "--filename=-",
  ], {
    stdio: ["pipe", "ignore", "pipe"],
    timeout: 30_000,
  });
  child.stdin.end(JSON.stringify(manifest));
  const [said, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close"),
  ]);
  return code === 0 ? undefined : `kubectl apply failed with exit status ${code}: ${said}`;
}

/** A view as a person writes it: a headless Service with a label and an annotation. */
export function viewManifest(
  name: string,
  annotation: string,
  spec: Readonly<Record<string, unknown>> = {},
) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      labels: { [NAME_LABEL]: name },
      annotations: { "view.yolean.se/spec": annotation },
    },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { [NAME_LABEL]: name },
      ports: [{ name: "http", port: 80, targetPort: "http" }],
      ...spec,
    },
  };
}

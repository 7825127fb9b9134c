import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { NAME_LABEL } from "./cluster.ts";
import { environment } from "../environment.ts";

/** Applies an object with kubectl, as a person does. */
export async function apply(
  namespace: string,
  manifest: unknown,
): Promise<void> {
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
  if (code !== 0) {
    throw new Error(`kubectl apply failed with exit status ${code}: ${said}`);
  }
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

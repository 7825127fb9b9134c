import type { Namespaces } from "../../scripts/deploy/namespaces.ts";
import type { RunKubectl } from "./service_account_rights.ts";

const RULES = ["jobs", "job-pods", "pods", "secrets", "services", "events", "deletions", "own-secrets"];

/** Deletes what an overlay makes outside of its gateway's namespaces. */
export async function deleteClusterWide({ gateway, views }: Namespaces, kubectl: RunKubectl): Promise<void> {
  await kubectl("delete", "clusterrolebinding", `view-gateway-token-reviews:${gateway}`, "--ignore-not-found");
  const policies = RULES.map((rule) => `view-gateway-${rule}.${views}`);
  for (const kind of ["validatingadmissionpolicybinding", "validatingadmissionpolicy"]) {
    await kubectl("delete", kind, ...policies, "--ignore-not-found");
  }
}

import type { Namespace } from "../../../../sidecar/kubernetes/testing/namespace.ts";

/** As gateway/views has it. */
export async function enforceRestricted({ name, transport, signal }: Namespace): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${name}`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ metadata: { labels } }),
  }, signal);
}

import { type KeyPair } from "./certificates.ts";

/** A kubeconfig that needs no other file. `tls` is undefined for an API server that serves everybody over plain HTTP. */
export function kubeconfig(
  name: string,
  server: string,
  tls?: { readonly authority: string; readonly client: KeyPair },
): string {
  const user = tls && {
    "client-certificate-data": btoa(tls.client.certificate),
    "client-key-data": btoa(tls.client.key),
  };
  // JSON is YAML.
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [{
        name,
        // client-node refuses plain HTTP without `insecure-skip-tls-verify`, which changes nothing there.
        cluster: {
          server,
          ...tls ? { "certificate-authority-data": btoa(tls.authority) } : { "insecure-skip-tls-verify": true },
        },
      }],
      users: [{ name, user: user ?? {} }],
    },
    null,
    2,
  ) + "\n";
}

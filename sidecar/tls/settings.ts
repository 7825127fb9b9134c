import type { Config } from "@view-gateway/types";
import type { TlsSettings } from "../envoy/settings.ts";

/** Where gateway/components/tls mounts the certificate. The sidecar's image may read no other directory for it. */
export const CERTIFICATE_DIRECTORY = "/etc/view-gateway/tls";

/** Envoy's limit for all of its connections, in gateway/base/envoy.yaml, does not count those over UDP. */
const HTTP3 = { connections: 5_000 };

/** How Envoy terminates TLS; undefined where it speaks plain HTTP. */
export function tlsOf(config: Config): TlsSettings | undefined {
  const { tlsDirectory: directory, tlsListenPort: listenPort, tlsPublicPort: publicPort, hstsSeconds, http3 } = config;
  return directory === ""
    ? undefined
    : { directory, listenPort, publicPort, hstsSeconds, ...http3 && { http3: HTTP3 } };
}

import { logger } from "../logging.ts";
import { judgeDirectory } from "../tls/certificate_files.ts";
import { CertificateWatch } from "../tls/certificate_watch.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface TlsPart extends SidecarPart {
  /** Undefined where Envoy speaks plain HTTP. */
  readonly certificate: CertificateWatch | undefined;
}

/** Builds what watches the certificate that Envoy shows to clients. */
export function tlsPart({ config, envoy: { tls }, time }: AppContext): TlsPart {
  if (tls === undefined) return { name: "TLS", certificate: undefined };
  const certificate = new CertificateWatch({
    judge: (now) => judgeDirectory(tls.directory, { ...config, now }),
    ...time,
    log: logger("tls"),
  });
  return { name: "TLS", certificate, start: () => certificate.look(), run: (signal) => certificate.run(signal) };
}

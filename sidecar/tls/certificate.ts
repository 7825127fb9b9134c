/** This folder checks the certificate that Envoy shows to clients, at the start and after each renewal. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** What the files `tls.crt` and `tls.key` hold, as text. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate that Envoy can use, whatever clients think of it. */
export interface UsableCertificate {
  readonly serialNumber: string;
  /** Milliseconds since the epoch. */
  readonly validTo: number;
}

/** Where the certificate is undefined, Envoy does not take it; a former one stays. Each problem is a sentence's end. */
export interface Judgement {
  readonly certificate?: UsableCertificate;
  readonly problems: readonly string[];
}

export interface JudgedBy {
  readonly baseHost: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Everything that is wrong with a certificate and its key. */
export function judge(files: CertificateFiles, by: JudgedBy): Judgement {
  const certificate = certificateIn(files.certificate);
  const key = keyIn(files.key);
  const unusable = [
    ...typeof certificate === "string" ? [certificate] : keyProblems(certificate.publicKey),
    ...typeof key === "string" ? [key] : [],
    ...typeof certificate !== "string" && typeof key !== "string" && !certificate.checkPrivateKey(key)
      ? ["tls.key is not the key of the first certificate in tls.crt"]
      : [],
  ];
  if (typeof certificate === "string") return { problems: unusable };
  const validTo = certificate.validToDate.getTime();
  const problems = [...unusable, ...timeProblems(certificate, by.now), ...nameProblems(certificate, by.baseHost)];
  if (unusable.length > 0) return { problems };
  return { certificate: { serialNumber: certificate.serialNumber, validTo }, problems };
}

/** The first certificate of a chain, which is the server's own: https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2 */
function certificateIn(text: string): X509Certificate | string {
  try {
    return new X509Certificate(text);
  } catch {
    return "tls.crt has no certificate in PEM";
  }
}

function keyIn(text: string): KeyObject | string {
  if (/^(-----BEGIN ENCRYPTED |Proc-Type: 4,ENCRYPTED)/m.test(text)) {
    return "tls.key is encrypted, and the gateway has no passphrase";
  }
  try {
    return createPrivateKey(text);
  } catch {
    return "tls.key has no private key in PEM";
  }
}

/** Bits of the smallest RSA key that Envoy takes. */
const RSA_BITS = 2048;

function keyProblems({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): readonly string[] {
  if (type === "ec") return [];
  if (type !== "rsa") return [`tls.crt has a key of the type ${type}, but browsers know RSA and ECDSA alone`];
  const bits = details?.modulusLength ?? 0;
  return bits < RSA_BITS ? [`tls.crt has an RSA key of ${bits} bits, but Envoy takes ${RSA_BITS} or more`] : [];
}

function timeProblems({ validFromDate, validToDate }: X509Certificate, now: number): readonly string[] {
  return [
    ...validFromDate.getTime() > now ? [`tls.crt is not valid before ${validFromDate.toISOString()}`] : [],
    ...validToDate.getTime() <= now ? [`tls.crt has expired on ${validToDate.toISOString()}`] : [],
  ];
}

/** Clients look at these names alone: https://www.rfc-editor.org/rfc/rfc6125#section-6.4.4 */
function nameProblems({ subjectAltName }: X509Certificate, baseHost: string): readonly string[] {
  const names = (subjectAltName ?? "").split(", ")
    .flatMap((name) => name.startsWith("DNS:") ? [name.slice("DNS:".length).toLowerCase()] : []);
  const missing = [
    ...names.includes(baseHost) || names.includes(baseHost.replace(/^[^.]+/, "*")) ? [] : [baseHost],
    ...names.includes(`*.${baseHost}`) ? [] : [`*.${baseHost}`],
  ];
  if (missing.length === 0) return [];
  return [`tls.crt is not for ${missing.join(" and ")}, but for ${names.join(", ") || "no DNS name"}`];
}

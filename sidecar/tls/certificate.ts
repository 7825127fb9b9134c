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
  /** Whether Envoy speaks HTTP/3 with it too. */
  readonly http3: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Everything that is wrong with a certificate and its key. */
export function judge(files: CertificateFiles, by: JudgedBy): Judgement {
  const certificate = certificateIn(files.certificate);
  const key = keyIn(files.key);
  const unusable = [
    ...typeof certificate === "string" ? [certificate] : shortKey(certificate.publicKey),
    ...typeof key === "string" ? [key] : [],
    ...typeof certificate !== "string" && typeof key !== "string" && !certificate.checkPrivateKey(key)
      ? ["tls.key is not the key of the first certificate in tls.crt"]
      : [],
  ];
  if (typeof certificate === "string") return { problems: unusable };
  const validTo = certificate.validToDate.getTime();
  const problems = [
    ...unusable,
    ...unknownKey(certificate.publicKey, by.http3),
    ...timeProblems(certificate, by.now),
    ...nameProblems(certificate, by.baseHost),
  ];
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

function shortKey({ asymmetricKeyDetails: details }: KeyObject): readonly string[] {
  const bits = details?.modulusLength ?? RSA_BITS;
  return bits < RSA_BITS ? [`tls.crt has an RSA key of ${bits} bits, but Envoy takes ${RSA_BITS} or more`] : [];
}

/** Envoy loads these keys, and then its handshakes fail: with browsers, or over QUIC. */
function unknownKey(
  { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject,
  http3: boolean,
): readonly string[] {
  if (type !== "rsa" && type !== "ec") {
    return [`tls.crt has a key of the type ${type}, but browsers take RSA and ECDSA`];
  }
  if (!http3 || type === "rsa" || details?.namedCurve === "prime256v1") return [];
  return [
    `tls.crt has a key on the curve ${details?.namedCurve}, but Envoy's HTTP/3 takes P-256 and RSA: use one of these, or set HTTP3 to "false"`,
  ];
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

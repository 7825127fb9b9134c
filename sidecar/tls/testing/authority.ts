import { generate } from "selfsigned";
import type { CertificateFiles } from "../certificate.ts";

const NAMES = ["views.test", "*.views.test"];

export interface Issued {
  /** Default: `views.test` and `*.views.test`. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** An authority that issues certificates to a test's gateway. */
export class Authority {
  /** PEM: what clients trust. */
  readonly certificate: string;
  readonly #ca: { readonly key: string; readonly cert: string };

  private constructor(ca: { readonly key: string; readonly cert: string }) {
    this.certificate = ca.cert;
    this.#ca = ca;
  }

  static async make(): Promise<Authority> {
    const { private: key, cert } = await generate([{ name: "commonName", value: "test authority" }], {
      ...{ keyType: "ec", algorithm: "sha256" },
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, critical: true },
      ],
    });
    return new Authority({ key, cert });
  }

  async issue(
    { names = NAMES, notBefore, notAfter }: Issued = {},
  ): Promise<CertificateFiles> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "gateway" }], {
      ...{ keyType: "ec", algorithm: "sha256" },
      ...notBefore && { notBeforeDate: notBefore },
      ...notAfter && { notAfterDate: notAfter },
      ca: this.#ca,
      extensions: [
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: dnsNames(names) },
      ],
    });
    return { certificate: cert, key };
  }
}

/** A certificate that no authority has signed, with another kind of key. */
export async function selfSigned(
  key: { readonly curve: "P-384" | "P-521" } | { readonly rsa: number },
): Promise<CertificateFiles> {
  const { cert: certificate, private: text } = await generate([{ name: "commonName", value: "gateway" }], {
    ..."rsa" in key ? { keyType: "rsa", keySize: key.rsa } : { keyType: "ec", curve: key.curve },
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: dnsNames(NAMES) }],
  });
  return { certificate, key: text };
}

function dnsNames(names: readonly string[]) {
  return names.map((value) => ({ type: 2 as const, value }));
}

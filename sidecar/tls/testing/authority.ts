import { generate } from "selfsigned";
import type { CertificateFiles } from "../certificate.ts";

export interface Issued {
  /** Default: `views.test` and `*.views.test`. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly curve?: "P-256" | "P-384" | "P-521";
  /** Bits of an RSA key, in place of a curve. */
  readonly rsa?: number;
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
    { names = ["views.test", "*.views.test"], notBefore, notAfter, curve, rsa }: Issued = {},
  ): Promise<CertificateFiles> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "gateway" }], {
      ...rsa === undefined ? { keyType: "ec", curve: curve ?? "P-256" } : { keyType: "rsa", keySize: rsa },
      ...notBefore && { notBeforeDate: notBefore },
      ...notAfter && { notAfterDate: notAfter },
      algorithm: "sha256",
      ca: this.#ca,
      extensions: [
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
      ],
    });
    return { certificate: cert, key };
  }
}

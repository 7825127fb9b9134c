import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type GenerateKeyPairResult,
  importJWK,
  type JWTPayload,
  SignJWT,
} from "jose";

type Claims = Readonly<Record<string, string | number | undefined>>;

/** A key that signs views' cookies. */
export class ViewKey {
  readonly #private: GenerateKeyPairResult["privateKey"];
  readonly #public: Readonly<Record<string, unknown>>;

  private constructor(privateKey: GenerateKeyPairResult["privateKey"], publicKey: Readonly<Record<string, unknown>>) {
    this.#private = privateKey;
    this.#public = publicKey;
  }

  static async make(kid: string): Promise<ViewKey> {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    return new ViewKey(privateKey, { ...await exportJWK(publicKey), kid, alg: "ES256", use: "sig" });
  }

  get kid(): string {
    return String(this.#public.kid);
  }

  /** The token of somebody who may open the view for ten minutes. A claim that is undefined is left out. */
  async token(view: string, claims: Claims = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      ...{ iss: "view-gateway", view, sub: "oidc:alice", email: "alice@example.com", groups: "oidc:a,oidc:b" },
      ...{ auth_time: now, checked_at: now, exp: now + 600 },
      ...claims,
    };
    return await new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: "ES256", kid: this.kid }).sign(
      this.#private,
    );
  }

  async cookie(view: string, claims: Claims = {}): Promise<string> {
    return `__Host-view=${await this.token(view, claims)}`;
  }

  /** The public key, in PEM. */
  async pem(): Promise<string> {
    return await exportSPKI(
      await importJWK(this.#public, "ES256", { extractable: true }) as GenerateKeyPairResult["publicKey"],
    );
  }

  static jwks(...keys: readonly ViewKey[]): string {
    return JSON.stringify({ keys: keys.map((key) => key.#public) });
  }
}

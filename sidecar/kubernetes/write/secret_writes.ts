import type { V1Secret } from "@kubernetes/client-node";
import { isKind, type Refusal, refusalOf } from "../refusal.ts";
import type { Transport } from "../transport.ts";

/** A Secret as the API server sends it. */
export interface RawSecret {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  };
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** `lost`: another one was there first, so there is another Secret now, or another version, or none. */
export type WrittenSecret =
  | { readonly kind: "written"; readonly secret: RawSecret }
  | { readonly kind: "lost" }
  | Refusal;

/**
 * Reads and writes views' Secrets in one namespace, one at a time: the gateway neither lists nor watches what may be
 * anybody's. Methods reject with their signal's reason only, `get` and `delete` also with a KubernetesError.
 */
export class SecretWrites {
  readonly #transport: Pick<Transport, "call">;
  readonly #path: string;

  constructor(transport: Pick<Transport, "call">, namespace: string) {
    this.#transport = transport;
    this.#path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  }

  async get(name: string, signal: AbortSignal): Promise<RawSecret | undefined> {
    try {
      return JSON.parse((await this.#transport.call({ method: "GET", path: this.#pathOf(name) }, signal)).text);
    } catch (error) {
      if (isKind(error, "NotFound")) return undefined;
      throw error;
    }
  }

  create(secret: V1Secret, signal: AbortSignal): Promise<WrittenSecret> {
    return this.#write("POST", this.#path, secret, signal);
  }

  /** Writes the Secret in the place of this very version of it. */
  replace(secret: V1Secret, { uid, resourceVersion }: RawSecret["metadata"], signal: AbortSignal) {
    const metadata = { ...secret.metadata, uid, resourceVersion };
    return this.#write("PUT", this.#pathOf(secret.metadata?.name ?? ""), { ...secret, metadata }, signal);
  }

  /** Deletes the Secret if it still has this UID. One that is gone, or another's by now, is not an error. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ preconditions: { uid } });
    try {
      await this.#transport.call({ method: "DELETE", path: this.#pathOf(name), headers: JSON_BODY, body }, signal);
    } catch (error) {
      if (!isKind(error, "NotFound", "Conflict")) throw error;
    }
  }

  async #write(method: string, path: string, secret: object, signal: AbortSignal): Promise<WrittenSecret> {
    const query = "fieldManager=view-gateway&fieldValidation=Strict";
    try {
      const body = JSON.stringify(secret);
      const call = { method, path: `${path}?${query}`, headers: JSON_BODY, body, limit: WRITE_LIMIT };
      return { kind: "written", secret: JSON.parse((await this.#transport.call(call, signal)).text) };
    } catch (error) {
      const lost = isKind(error, "AlreadyExists", "Conflict") || method === "PUT" && isKind(error, "NotFound");
      return lost ? { kind: "lost" } : refusalOf(error);
    }
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

const JSON_BODY = { "content-type": "application/json" };

/** Milliseconds; whoever waits for the write gives its author up some time after this. */
const WRITE_LIMIT = 4_000;

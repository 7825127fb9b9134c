import type { V1Secret } from "@kubernetes/client-node";
import type { Refusal } from "../../view/write_outcomes.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient, type StoredObject } from "../resource_client.ts";
import type { Transport } from "../transport.ts";

/** A Secret as the API server sends it. */
export interface RawSecret {
  readonly metadata: Omit<StoredObject["metadata"], "name" | "creationTimestamp">;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** `lost`: another gateway wrote first, so there is another Secret, another version, or none. */
export type WrittenSecret =
  | { readonly kind: "written"; readonly secret: RawSecret }
  | { readonly kind: "lost" }
  | Refusal;

/** Milliseconds; whoever waits for another gateway's write gives up some time after this. */
const WRITE_LIMIT = 4_000;

/**
 * Reads and writes views' Secrets in one namespace, one at a time: the gateway neither lists nor watches Secrets, which may
 * be anybody's. Methods throw their signal's reason; `get` and `delete` also throw a KubernetesError.
 */
export class SecretWrites {
  readonly #secrets: ResourceClient<StoredObject & RawSecret>;

  constructor(transport: Pick<Transport, "call">, namespace: string) {
    this.#secrets = new ResourceClient(transport, { api: "/api/v1", plural: "secrets", namespace });
  }

  get(name: string, signal: AbortSignal): Promise<RawSecret | undefined> {
    return this.#secrets.get(name, signal);
  }

  async create(secret: V1Secret, signal: AbortSignal): Promise<WrittenSecret> {
    try {
      return { kind: "written", secret: await this.#secrets.create(secret, signal, { limit: WRITE_LIMIT }) };
    } catch (error) {
      return isKind(error, "AlreadyExists", "Conflict") ? { kind: "lost" } : refusalOf(error);
    }
  }

  /** Replaces exactly this version of the Secret. */
  async replace(
    secret: V1Secret,
    { uid, resourceVersion }: RawSecret["metadata"],
    signal: AbortSignal,
  ): Promise<WrittenSecret> {
    const replacement = { ...secret, metadata: { ...secret.metadata, uid, resourceVersion } };
    const name = secret.metadata?.name ?? "";
    try {
      return {
        kind: "written",
        secret: await this.#secrets.replace(name, replacement, signal, { limit: WRITE_LIMIT }),
      };
    } catch (error) {
      return isKind(error, "AlreadyExists", "Conflict", "NotFound") ? { kind: "lost" } : refusalOf(error);
    }
  }

  /** Deletes the Secret that has this UID. It is no error that it is gone, or that another one has the name. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    await this.#secrets.delete(name, uid, signal);
  }
}

import { CoreV1Api, type V1Service } from "@kubernetes/client-node";
import { create } from "./create.ts";
import { isKind, type Refusal, refusalOf } from "../refusal.ts";
import type { Transport } from "../transport.ts";
import { typedApi } from "../typed_api.ts";

export type CreatedService =
  | { readonly kind: "created"; readonly uid: string; readonly createdAt: string }
  | { readonly kind: "exists" }
  | Refusal;

/** `gone`: there is no such Service, or it is another's by now. */
export type DeletedService = { readonly kind: "deleted" } | { readonly kind: "gone" } | Refusal;

/** Creates and deletes views' Services in one namespace. Methods reject with their signal's reason only. */
export class ServiceWrites {
  readonly #transport: Transport;
  readonly #namespace: string;

  constructor(transport: Transport, namespace: string) {
    this.#transport = transport;
    this.#namespace = namespace;
  }

  async create(service: V1Service, signal: AbortSignal): Promise<CreatedService> {
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(this.#namespace)}/services`;
      const { metadata } = await create(this.#transport, path, service, signal);
      return { kind: "created", uid: metadata.uid, createdAt: metadata.creationTimestamp };
    } catch (error) {
      return isKind(error, "AlreadyExists") ? { kind: "exists" } : refusalOf(error);
    }
  }

  /** Deletes the Service if it still has this UID; Kubernetes deletes what it owns. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<DeletedService> {
    const namespace = this.#namespace;
    const body = { preconditions: { uid }, propagationPolicy: "Background" };
    try {
      await typedApi(CoreV1Api, this.#transport, signal).deleteNamespacedService({ name, namespace, body });
      return { kind: "deleted" };
    } catch (error) {
      return isKind(error, "NotFound", "Conflict") ? { kind: "gone" } : refusalOf(error);
    }
  }
}

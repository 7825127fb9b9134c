import type { V1Service } from "@kubernetes/client-node";
import type { CreatedService, DeletedService } from "../../view/write_outcomes.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient } from "../resource_client.ts";
import type { Transport } from "../transport.ts";

/** Creates and deletes views' Services in one namespace. Methods throw only their signal's reason. */
export class ServiceWrites {
  readonly #services: ResourceClient;

  constructor(transport: Transport, namespace: string) {
    this.#services = new ResourceClient(transport, { api: "/api/v1", plural: "services", namespace });
  }

  async create(service: V1Service, signal: AbortSignal): Promise<CreatedService> {
    try {
      const { metadata } = await this.#services.create(service, signal);
      return { kind: "created", uid: metadata.uid, createdAt: metadata.creationTimestamp };
    } catch (error) {
      return isKind(error, "AlreadyExists") ? { kind: "exists" } : refusalOf(error);
    }
  }

  /** Deletes the Service that has this UID; Kubernetes then deletes what it owns. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<DeletedService> {
    try {
      return { kind: await this.#services.delete(name, uid, signal) ? "deleted" : "gone" };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

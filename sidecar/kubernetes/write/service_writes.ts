import type { V1Service } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import type { Time } from "../../async/time.ts";
import { SPEC_ANNOTATION } from "../../view/service.ts";
import type { ViewState } from "../../view/state.ts";
import type { ChangedService, CreatedService, DeletedService } from "../../view/write_outcomes.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient } from "../resource_client.ts";
import type { Transport } from "../transport.ts";
import { retried } from "./retried.ts";

/** Creates, changes and deletes views' Services in one namespace. Methods throw only their signal's reason. */
export class ServiceWrites {
  readonly #services: ResourceClient;
  readonly #time: Pick<Time, "pause" | "random">;

  constructor(transport: Transport, namespace: string, time: Pick<Time, "pause" | "random">) {
    this.#time = time;
    this.#services = new ResourceClient(transport, { api: "/api/v1", plural: "services", namespace });
  }

  async create(service: V1Service, signal: AbortSignal): Promise<CreatedService> {
    try {
      // Conflict: two creations met at a quota, and there is no Service.
      const create = () => this.#services.create(service, signal);
      const { metadata } = await retried(this.#time, signal, ["Conflict"], create);
      const { uid, creationTimestamp: createdAt, resourceVersion } = metadata;
      return { kind: "created", uid, createdAt, resourceVersion };
    } catch (error) {
      return isKind(error, "AlreadyExists") ? { kind: "exists" } : refusalOf(error);
    }
  }

  /** Sets the spec of the Service of this resourceVersion, which no other Service of the name ever has, and nothing else. */
  async change(
    { name, resourceVersion }: Pick<ViewState, "name" | "resourceVersion">,
    spec: View,
    signal: AbortSignal,
  ): Promise<ChangedService> {
    const annotations = { [SPEC_ANNOTATION]: JSON.stringify(spec) };
    try {
      const { metadata } = await this.#services.merge(
        name,
        { metadata: { resourceVersion, annotations } },
        signal,
      );
      return { kind: "changed", resourceVersion: metadata.resourceVersion };
    } catch (error) {
      return isKind(error, "Conflict", "NotFound") ? { kind: "lost" } : refusalOf(error);
    }
  }

  /** Deletes the Service that has this UID, and this resourceVersion if there is one; Kubernetes then deletes what it owns. */
  async delete(name: string, uid: string, signal: AbortSignal, version?: string): Promise<DeletedService> {
    try {
      return { kind: await this.#services.delete(name, uid, signal, { version }) ? "deleted" : "gone" };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

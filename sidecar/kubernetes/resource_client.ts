import type { PatchOperation } from "../view/patch_operation.ts";
import { isKind } from "./refusal.ts";
import type { Transport } from "./transport.ts";

/** Which resource of Kubernetes' API. */
export interface NamespacedResource {
  /** Path of the API group and version. */
  readonly api: string;
  readonly plural: string;
  readonly namespace: string;
}

/** Options of one request. */
export interface RequestOptions {
  /** Milliseconds. */
  readonly limit?: number;
}

/** What every object has that Kubernetes has stored. */
export interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  };
}

/** Kubernetes rejects a field that it does not know, and says so. */
const WRITE = "fieldManager=view-gateway&fieldValidation=Strict";

/**
 * Reads and writes the objects of one resource in one namespace, as plain JSON: the models of client-node drop the fields
 * that they do not know. Methods throw a KubernetesError, or the signal's reason.
 */
export class ResourceClient<Stored extends StoredObject = StoredObject> {
  readonly #transport: Pick<Transport, "call">;
  readonly #path: string;

  constructor(transport: Pick<Transport, "call">, { api, plural, namespace }: NamespacedResource) {
    this.#transport = transport;
    this.#path = `${api}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  }

  /** Returns undefined where there is none of this name. */
  async get(name: string, signal: AbortSignal, options?: RequestOptions): Promise<Stored | undefined> {
    try {
      return await this.#send("GET", this.#pathOf(name), signal, options);
    } catch (error) {
      if (isKind(error, "NotFound")) return undefined;
      throw error;
    }
  }

  create(object: object, signal: AbortSignal, options?: RequestOptions): Promise<Stored> {
    return this.#send("POST", `${this.#path}?${WRITE}`, signal, { ...options, body: object });
  }

  replace(name: string, object: object, signal: AbortSignal, options?: RequestOptions): Promise<Stored> {
    return this.#send("PUT", `${this.#pathOf(name)}?${WRITE}`, signal, { ...options, body: object });
  }

  async patch(
    name: string,
    operations: readonly PatchOperation[],
    signal: AbortSignal,
    options?: RequestOptions,
  ): Promise<void> {
    const type = "application/json-patch+json";
    await this.#send("PATCH", this.#pathOf(name), signal, { ...options, body: operations, type });
  }

  /** Sends a JSON Merge Patch, in which a `metadata.resourceVersion` is a precondition. */
  merge(name: string, change: object, signal: AbortSignal, options?: RequestOptions): Promise<Stored> {
    const type = "application/merge-patch+json";
    return this.#send("PATCH", `${this.#pathOf(name)}?${WRITE}`, signal, { ...options, body: change, type });
  }

  /**
   * Sends a strategic merge patch, which changes single members of a list:
   * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
   */
  strategicMerge(name: string, change: object, signal: AbortSignal, options?: RequestOptions): Promise<Stored> {
    const type = "application/strategic-merge-patch+json";
    return this.#send("PATCH", `${this.#pathOf(name)}?${WRITE}`, signal, { ...options, body: change, type });
  }

  /**
   * Deletes the object that has this UID: at once, or after the objects that it owns. Returns false where it is gone, or another
   * object has the name.
   */
  async delete(
    name: string,
    uid: string,
    signal: AbortSignal,
    { after, version, ...options }: RequestOptions & {
      readonly after?: "dependents";
      /** The resourceVersion that it must have. */
      readonly version?: string | undefined;
    } = {},
  ): Promise<boolean> {
    const preconditions = { uid, ...version !== undefined && { resourceVersion: version } };
    const body = { preconditions, propagationPolicy: after === "dependents" ? "Foreground" : "Background" };
    try {
      await this.#send("DELETE", this.#pathOf(name), signal, { ...options, body });
      return true;
    } catch (error) {
      if (isKind(error, "NotFound", "Conflict")) return false;
      throw error;
    }
  }

  async #send(
    method: string,
    path: string,
    signal: AbortSignal,
    { body, type = "application/json", limit }: RequestOptions & { readonly body?: object; readonly type?: string } =
      {},
  ): Promise<Stored> {
    const { text } = await this.#transport.call({
      method,
      path,
      ...body && { headers: { "content-type": type }, body: JSON.stringify(body) },
      ...limit !== undefined && { limit },
    }, signal);
    return JSON.parse(text);
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

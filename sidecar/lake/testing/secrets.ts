import { setTimeout as pause } from "node:timers/promises";
import type { V1Secret } from "@kubernetes/client-node";
import type { RawSecret, WrittenSecret } from "../../kubernetes/write/secret_writes.ts";
import type { Secrets } from "../vending_options.ts";

/** Secrets as Kubernetes keeps them: names are taken, versions are preconditions, and each call takes a moment. */
export class FakeSecrets implements Secrets {
  readonly held = new Map<string, RawSecret>();
  /** Everything that was ever written. */
  readonly writes: V1Secret[] = [];
  #version = 0;

  async get(name: string, signal: AbortSignal): Promise<RawSecret | undefined> {
    await this.#moment(signal);
    return this.held.get(name);
  }

  async create(secret: V1Secret, signal: AbortSignal): Promise<WrittenSecret> {
    await this.#moment(signal);
    if (this.held.has(secret.metadata!.name!)) return { kind: "lost" };
    return this.#put(secret, crypto.randomUUID());
  }

  async replace(secret: V1Secret, at: RawSecret["metadata"], signal: AbortSignal): Promise<WrittenSecret> {
    await this.#moment(signal);
    const held = this.held.get(secret.metadata!.name!)?.metadata;
    if (held?.uid !== at.uid || held.resourceVersion !== at.resourceVersion) return { kind: "lost" };
    return this.#put(secret, at.uid);
  }

  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    await this.#moment(signal);
    if (this.held.get(name)?.metadata.uid === uid) this.held.delete(name);
  }

  #put(secret: V1Secret, uid: string): WrittenSecret {
    this.writes.push(secret);
    const { name, annotations = {}, ownerReferences = [] } = secret.metadata!;
    const raw: RawSecret = {
      metadata: { uid, resourceVersion: String(++this.#version), annotations, ownerReferences },
      data: Object.fromEntries(Object.entries(secret.stringData ?? {}).map(([key, value]) => [key, btoa(value)])),
    };
    this.held.set(name!, raw);
    return { kind: "written", secret: raw };
  }

  async #moment(signal: AbortSignal): Promise<void> {
    await pause(Math.random() * 4, undefined, { signal });
  }
}

import type { Refusal } from "../../view/write_outcomes.ts";
import { Waiters } from "../../async/waiters.ts";
import type { SecretVersion, SecretWrite, WatchedSecret } from "../../kubernetes/own_secret.ts";

/** A Secret as Kubernetes keeps it: versions are preconditions. What is written is seen when `deliver` is called. */
export class SharedSecret {
  #present: SecretVersion | undefined;
  #version = 0;
  readonly #watches = new Set<(seen: SecretVersion | undefined) => void>();
  /** Everything that was ever written. */
  readonly writes: Readonly<Record<string, string>>[] = [];
  /** Why Kubernetes takes no write. */
  failure: Refusal | undefined;
  /** Whether each write is seen at once. */
  isPrompt = true;

  get present(): SecretVersion | undefined {
    return this.#present;
  }

  /** As an operator does. */
  put(data: Readonly<Record<string, string>> | undefined): void {
    const resourceVersion = String(++this.#version);
    const uid = this.#present?.uid ?? crypto.randomUUID();
    const metadata = { uid, resourceVersion };
    this.#present = data && { name: "keys", uid, raw: { metadata }, data };
    if (this.isPrompt) this.deliver();
  }

  deliver(): void {
    for (const watch of this.#watches) watch(this.#present);
  }

  /** The Secret as one gateway watches and writes it. */
  watched(): WatchedSecret {
    const waiters = new Waiters();
    let seen = this.#present;
    this.#watches.add((present) => {
      seen = present;
      waiters.wake("keys");
    });
    const write = (data: SecretVersion["data"], expected: string | undefined): Promise<SecretWrite> => {
      if (this.failure !== undefined) return Promise.resolve(this.failure);
      if (this.#present?.raw.metadata.resourceVersion !== expected) return Promise.resolve({ kind: "lost" });
      this.writes.push(data);
      this.put(data);
      return Promise.resolve({ kind: "written", secret: this.#present! });
    };
    return {
      synced: Promise.resolve(),
      seen: () => seen,
      changed: (since, signal) => waiters.until("keys", () => seen !== since, signal),
      get: () => Promise.resolve(this.#present),
      create: (data) => write(data, undefined),
      replace: (data, { raw }) => write(data, raw.metadata.resourceVersion),
    };
  }
}

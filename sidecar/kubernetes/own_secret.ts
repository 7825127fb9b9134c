import type { V1Secret } from "@kubernetes/client-node";
import { Buffer } from "node:buffer";
import type { Time } from "../async/time.ts";
import { Waiters } from "../async/waiters.ts";
import type { Refusal } from "../view/write_outcomes.ts";
import type { Prober } from "./prober.ts";
import type { Transport } from "./transport.ts";
import { Reflector, type Timing } from "./watch/reflector.ts";
import type { Jsonify } from "./watch/trim.ts";
import { type RawSecret, SecretWrites, type WrittenSecret } from "./write/secret_writes.ts";

/** A version of a Secret, with its data as text. */
export interface SecretVersion {
  readonly name: string;
  readonly uid: string;
  readonly raw: RawSecret;
  readonly data: Readonly<Record<string, string>>;
}

/** `lost`: another gateway wrote first. */
export type SecretWrite =
  | { readonly kind: "written"; readonly secret: SecretVersion }
  | { readonly kind: "lost" }
  | Refusal;

/** One Secret that is watched, and written in competition with other gateways. Methods throw their signal's reason. */
export interface WatchedSecret {
  /** Resolves once it is known whether the Secret exists. */
  readonly synced: Promise<void>;
  /** What the watch last saw; undefined where there is no Secret. */
  seen(): SecretVersion | undefined;
  /** Resolves once the watch has seen another version than this. */
  changed(since: SecretVersion | undefined, signal: AbortSignal): Promise<void>;
  /** Asks for the present version. @throws KubernetesError */
  get(signal: AbortSignal): Promise<SecretVersion | undefined>;
  create(data: SecretVersion["data"], signal: AbortSignal): Promise<SecretWrite>;
  /** Replaces the data of exactly this version. */
  replace(data: SecretVersion["data"], version: SecretVersion, signal: AbortSignal): Promise<SecretWrite>;
}

export interface OwnSecretOptions {
  readonly transport: Transport;
  readonly prober: Pick<Prober, "onSilence">;
  readonly namespace: string;
  readonly name: string;
  /** Reports each failure of the watch, which goes on. */
  readonly onProblem: (message: string, error: unknown) => void;
  readonly time: Time;
  readonly timing?: Partial<Timing>;
}

/** A Secret of the gateway itself, in its own namespace. */
export class OwnSecret implements WatchedSecret {
  readonly #name: string;
  readonly #writes: SecretWrites;
  readonly #reflector: Reflector<V1Secret, SecretVersion>;
  readonly #waiters = new Waiters();
  #seen: SecretVersion | undefined;

  constructor({ transport, prober, namespace, name, onProblem, time, timing }: OwnSecretOptions) {
    this.#name = name;
    this.#writes = new SecretWrites(transport, namespace);
    this.#reflector = new Reflector<V1Secret, SecretVersion>({
      transport,
      prober,
      namespace,
      selector: "",
      // With the name, RBAC can allow the list and the watch of this one object.
      fieldSelector: `metadata.name=${name}`,
      resource: { plural: "secrets", api: "/api/v1", trim: (raw) => ({ view: name, object: versionOf(name, raw) }) },
      onChange: (_name, _before, after) => {
        this.#seen = after;
        this.#waiters.wake(name);
      },
      onProblem,
      time,
      ...timing && { timing },
    });
  }

  /** Watches until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  get synced(): Promise<void> {
    return this.#reflector.synced;
  }

  seen(): SecretVersion | undefined {
    return this.#seen;
  }

  changed(since: SecretVersion | undefined, signal: AbortSignal): Promise<void> {
    return this.#waiters.until(this.#name, () => this.#seen !== since, signal);
  }

  async get(signal: AbortSignal): Promise<SecretVersion | undefined> {
    const raw = await this.#writes.get(this.#name, signal);
    return raw && versionOf(this.#name, raw);
  }

  async create(data: SecretVersion["data"], signal: AbortSignal): Promise<SecretWrite> {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: this.#name }, stringData: { ...data } };
    return this.#written(await this.#writes.create(secret, signal));
  }

  /** What others have written beside the data stays. */
  async replace(data: SecretVersion["data"], { raw }: SecretVersion, signal: AbortSignal): Promise<SecretWrite> {
    const { data: _, ...rest } = raw;
    const secret = { ...rest, stringData: data } as object as V1Secret;
    return this.#written(await this.#writes.replace(secret, raw.metadata, signal));
  }

  #written(outcome: WrittenSecret): SecretWrite {
    return outcome.kind === "written" ? { kind: "written", secret: versionOf(this.#name, outcome.secret) } : outcome;
  }
}

function versionOf(name: string, raw: RawSecret | Jsonify<V1Secret>): SecretVersion {
  const { metadata, data } = raw as RawSecret;
  return {
    ...{ name, uid: metadata.uid, raw: raw as RawSecret },
    data: Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    ),
  };
}

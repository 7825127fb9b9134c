/** This folder lists and watches objects of Kubernetes. */
import { Backoff } from "../../async/backoff.ts";
import { Deadline } from "../../async/deadline.ts";
import type { Time } from "../../async/time.ts";
import { ObjectCache, type OnChange } from "../snapshot/object_cache.ts";
import { errorOfStatus, KubernetesError, type Status } from "../kubernetes_error.ts";
import { lines } from "./lines.ts";
import type { Prober } from "../prober.ts";
import type { Identified, WatchedResource } from "./watched_resource.ts";
import type { Transport } from "../transport.ts";
import type { Jsonify, Trimmed } from "./trim.ts";

/** All durations in milliseconds. */
export interface Timing {
  /** Until a watch's response begins. */
  readonly connect: number;
  /** Limit for one page of a list. */
  readonly page: number;
  /** After which the API server ends a healthy watch; a random part of a fifth is added. */
  readonly watch: number;
  /** How much longer than that a watch may be silent. */
  readonly grace: number;
  /** After a shorter watch there is a pause before the next one. */
  readonly brief: number;
}

/** Objects in one page of a list, as in client-go. Larger pages would take memory that the process keeps for long. */
const PAGE = 500;

/** After this many consecutive failures the reflector lists again instead of resuming the watch. */
const RESUMES = 8;

const TIMING: Timing = { connect: 5_000, page: 30_000, watch: 50_000, grace: 10_000, brief: 1_000 };

/** Most that is added to `watch`, as a share of it, so that watches which began together do not end together. */
const SPREAD = 0.2;

/** Seconds that a healthy watch may be silent: the API server ends it before. */
export const SILENCE_LIMIT = (TIMING.watch * (1 + SPREAD) + TIMING.grace) / 1000;

export interface ReflectorOptions<Raw, Kept> {
  readonly transport: Pick<Transport, "call" | "watch">;
  readonly resource: WatchedResource<Raw, Kept>;
  readonly namespace: string;
  /** Label selector. */
  readonly selector: string;
  readonly fieldSelector?: string;
  readonly prober: Pick<Prober, "onSilence">;
  readonly onChange: OnChange<Kept>;
  /** Reports each failure. The reflector continues by itself. */
  readonly onProblem: (message: string, error: unknown) => void;
  readonly pageSize?: number;
  readonly timing?: Partial<Timing>;
  readonly time: Pick<Time, "clock" | "pause" | "random">;
}

export type ReflectorState = "stopped" | "listing" | "watching" | "waiting";

/** Counts since the start. */
export interface Counters {
  lists: number;
  watches: number;
  events: number;
  /** Unreadable objects, of which the cache keeps the last version. */
  unreadable: number;
  failures: number;
}

interface Metadata {
  readonly name: string;
  readonly resourceVersion: string;
}

interface List<Raw> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly (Jsonify<Raw> & { readonly metadata: Metadata })[] | null;
}

interface Event<Raw> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Jsonify<Raw> & { readonly metadata: Metadata } & Status;
}

/**
 * Lists, then watches, the objects of one resource in one namespace that a selector matches, as client-go's reflector does.
 * It stops only when its signal aborts: after any failure it continues, and reports the changes that it missed.
 */
export class Reflector<Raw, Kept extends Identified> {
  readonly #options: ReflectorOptions<Raw, Kept>;
  readonly #timing: Timing;
  readonly #time: ReflectorOptions<Raw, Kept>["time"];
  readonly #path: string;
  readonly #selectors: Readonly<Record<string, string>>;
  readonly #cache: ObjectCache<Kept>;
  readonly #synced = Promise.withResolvers<void>();
  readonly #counters: Counters = { lists: 0, watches: 0, events: 0, unreadable: 0, failures: 0 };
  #state: ReflectorState = "stopped";
  #lastHeardAt: number | undefined;
  /** Where the next watch starts; undefined if a list is needed first. */
  #resourceVersion: string | undefined;
  #attempt: Deadline | undefined;
  /** Failures since the last event. */
  #consecutiveFailures = 0;

  constructor(options: ReflectorOptions<Raw, Kept>) {
    const { resource, namespace, selector, fieldSelector, onChange } = options;
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#time = options.time;
    this.#path = `${resource.api}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`;
    this.#selectors = { labelSelector: selector, ...fieldSelector && { fieldSelector } };
    this.#cache = new ObjectCache(onChange);
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** When the API server last sent anything, by `clock`; undefined if it never did. */
  get lastHeardAt(): number | undefined {
    return this.#lastHeardAt;
  }

  get counters(): Readonly<Counters> {
    return this.#counters;
  }

  /** The number of objects. */
  get size(): number {
    return this.#cache.size;
  }

  /** Resolves after the first whole list. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Lists and watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#time.random);
    const end = this.#options.prober.onSilence((since) => this.#onSilence(since));
    try {
      while (!signal.aborted) {
        const began = this.#time.clock();
        let retryAfter: number | undefined;
        try {
          await this.#once(signal);
        } catch (error) {
          if (signal.aborted) return;
          retryAfter = error instanceof KubernetesError ? error.retryAfter : undefined;
          this.#onFailure(error);
        }
        const heard = this.#lastHeardAt !== undefined && this.#lastHeardAt >= began;
        if (heard && this.#time.clock() - began >= this.#timing.brief) {
          backoff.reset();
        } else {
          this.#state = "waiting";
          await this.#time.pause(backoff.next(retryAfter), signal).catch(() => undefined);
        }
      }
    } finally {
      end();
      this.#state = "stopped";
    }
  }

  /** Lists if needed, then watches once. Returns when the API server ended the watch normally. */
  async #once(signal: AbortSignal): Promise<void> {
    if (this.#resourceVersion !== undefined && await this.#isFromTheFuture(this.#resourceVersion, signal)) {
      this.#resourceVersion = undefined;
      this.#options.onProblem("The API server's state is older than before; listing again", undefined);
    }
    this.#resourceVersion ??= await this.#list(signal);
    this.#synced.resolve();
    await this.#watch(this.#resourceVersion, signal);
  }

  #onFailure(error: unknown): void {
    this.#counters.failures++;
    this.#consecutiveFailures++;
    const expired = error instanceof KubernetesError && (error.kind === "Gone" || error.kind === "Invalid");
    // Resuming may be what fails each time: a list starts again.
    if (expired || this.#consecutiveFailures % RESUMES === 0) this.#resourceVersion = undefined;
    const { resource, onProblem } = this.#options;
    onProblem(`Watch of ${resource.plural} failed; trying again`, error);
  }

  async #list(signal: AbortSignal): Promise<string> {
    this.#state = "listing";
    this.#counters.lists++;
    const listed = new Set<string>();
    let next: string | undefined;
    while (true) {
      const { metadata, items } = await this.#page(next, this.#options.pageSize ?? PAGE, signal);
      for (const item of items ?? []) {
        listed.add(item.metadata.name);
        this.#put(item);
      }
      next = metadata.continue;
      if (!next) {
        this.#cache.retain(listed);
        return metadata.resourceVersion;
      }
    }
  }

  async #page(next: string | undefined, limit: number, signal: AbortSignal): Promise<List<Raw>> {
    const query = new URLSearchParams({ ...this.#selectors, limit: String(limit) });
    if (next) query.set("continue", next);
    // `call` has its own limit.
    using attempt = this.#begin(signal, Infinity);
    const answer = await this.#options.transport.call(
      { method: "GET", path: `${this.#path}?${query}`, limit: this.#timing.page },
      attempt.signal,
    );
    this.#heard();
    return JSON.parse(answer.text);
  }

  /**
   * After a restore of etcd from a backup, the API server accepts a watch from a resourceVersion that does not exist yet, and
   * sends nothing. https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
   */
  async #isFromTheFuture(resourceVersion: string, signal: AbortSignal): Promise<boolean> {
    const { metadata } = await this.#page(undefined, 1, signal);
    return BigInt(metadata.resourceVersion) < BigInt(resourceVersion);
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { connect, watch, grace } = this.#timing;
    const duration = watch * (1 + this.#time.random() * SPREAD);
    const query = new URLSearchParams({
      watch: "true",
      ...this.#selectors,
      resourceVersion,
      allowWatchBookmarks: "true",
      timeoutSeconds: String(Math.ceil(duration / 1000)),
    });
    this.#counters.watches++;
    using attempt = this.#begin(signal, connect);
    const stream = await this.#options.transport.watch(`${this.#path}?${query}`, attempt.signal);
    try {
      this.#state = "watching";
      attempt.extend(duration + grace);
      this.#heard();
      for await (const found of lines(stream.body)) {
        attempt.extend();
        this.#heard();
        for (const line of found) this.#onEvent(JSON.parse(line));
      }
      this.#consecutiveFailures = 0;
    } finally {
      await stream.close();
    }
  }

  #onEvent({ type, object }: Event<Raw>): void {
    if (type === "ERROR") throw errorOfStatus(object);
    this.#counters.events++;
    this.#consecutiveFailures = 0;
    if (type === "DELETED") this.#cache.remove(object.metadata.name);
    else if (type !== "BOOKMARK") this.#put(object);
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  #put(raw: Jsonify<Raw> & { readonly metadata: Metadata }): void {
    const { resource, onProblem } = this.#options;
    const { name, resourceVersion } = raw.metadata;
    let trimmed: Trimmed<Kept> | undefined;
    try {
      trimmed = resource.trim(raw);
    } catch (error) {
      this.#counters.unreadable++;
      onProblem(`Cannot read ${resource.plural}/${name}; the gateway keeps its last version`, error);
      return;
    }
    this.#cache.put(name, resourceVersion, trimmed);
  }

  #begin(signal: AbortSignal, limit: number): Deadline {
    return this.#attempt = new Deadline(signal, limit);
  }

  #heard(): void {
    this.#lastHeardAt = this.#time.clock();
  }

  /** A probe that began at `since` got no response: abandons a request that has been silent since then. */
  #onSilence(since: number): void {
    if (this.#lastHeardAt !== undefined && this.#lastHeardAt >= since) return;
    this.#attempt?.abort(new KubernetesError("Timeout", "The API server does not respond."));
  }
}

import { isDeepStrictEqual } from "node:util";
import { Map as ImmutableMap } from "immutable";
import { nextTurn } from "../../async/pause.ts";
import { orAborted } from "../../async/or_aborted.ts";
import type { ViewObjects } from "../../view/objects.ts";
import { isEmpty, noObjects, type Regroup } from "./group.ts";
import { Names } from "./names.ts";
import { Waiters } from "../../async/waiters.ts";

/** A view's state; undefined where there is no such view. Must be pure: it is called whenever an object changes. */
export type Derive<T> = (objects: ViewObjects, previous: T | undefined) => T | undefined;

/** Told that one view's state is another now. */
export type Listener<T> = (name: string, after: T | undefined, before: T | undefined) => void;

export interface StoreOptions<T> {
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly derive: Derive<T>;
  /** Told what a derivation or a listener threw; the view's state then stays, the other listeners are told. */
  readonly onProblem: (message: string, error: unknown) => void;
}

/** Milliseconds that a first sync may keep the event loop to itself. */
const TURN = 10;

/** What all views are doing, as an immutable snapshot, and who is told of changes. */
export class Store<T> {
  readonly #options: StoreOptions<T>;
  readonly #objects = new Map<string, ViewObjects>();
  readonly #names = new Names();
  readonly #waiters = new Waiters();
  readonly #listeners = new Set<Listener<T>>();
  readonly #settled = Promise.withResolvers<void>();
  /** Names that the first sync still has to derive; undefined once it is over. */
  #unsettled: Set<string> | undefined = new Set();
  #snapshot = ImmutableMap<string, T>();

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  /** All views by name. It never changes: a later look finds another. */
  get snapshot(): ImmutableMap<string, T> {
    return this.#snapshot;
  }

  /** Whether the snapshot holds all that Kubernetes held when the watches began. */
  get synced(): boolean {
    return this.#unsettled === undefined;
  }

  /** How many views there are. */
  get size(): number {
    return this.#snapshot.size;
  }

  get(name: string): T | undefined {
    return this.#snapshot.get(name);
  }

  /** Up to `limit` views whose names come after the given one, by name. */
  page(after: string, limit: number): readonly T[] {
    return this.#names.page(after, limit).map((name) => this.#snapshot.get(name)!);
  }

  /**
   * Resolves with the view's first state that fits, now or later.
   * @throws the signal's reason, or what `fits` throws
   */
  async until(
    name: string,
    fits: (state: T | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    let state: T | undefined;
    await this.#waiters.until(name, () => fits(state = this.get(name)), signal);
    return state;
  }

  /** Calls the listener for each change from now on, the first sync's included. Returns its end. */
  subscribe(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once `synced` holds; rejects with the signal's reason. */
  async untilSynced(signal: AbortSignal): Promise<void> {
    await orAborted(this.#settled.promise, signal);
  }

  /** Takes a change of one object of the view. Costs nothing that grows with the number of views. */
  change<O>(name: string, regroup: Regroup<O>, before: O | undefined, after: O | undefined): void {
    const objects = regroup(this.#objects.get(name) ?? noObjects(name), before, after);
    if (isEmpty(objects)) this.#objects.delete(name);
    else this.#objects.set(name, objects);
    if (this.#unsettled === undefined) this.#update(name);
    else this.#unsettled.add(name);
  }

  /** Ends the first sync: derives all that was changed until now, in turns with whatever else there is to do. */
  async settle(signal: AbortSignal): Promise<void> {
    if (this.#unsettled === undefined) return;
    let began = this.#options.clock();
    if (signal.aborted) return;
    for (const name of this.#unsettled) {
      this.#unsettled.delete(name);
      this.#update(name);
      if (this.#options.clock() - began < TURN) continue;
      await nextTurn();
      if (signal.aborted) return;
      began = this.#options.clock();
    }
    this.#unsettled = undefined;
    this.#settled.resolve();
  }

  /**
   * Derives again the views whose objects `fits`, because something else that they are derived from has changed. It takes
   * turns with the rest of the process.
   */
  async refresh(fits: (objects: ViewObjects) => boolean, signal: AbortSignal): Promise<void> {
    let began = this.#options.clock();
    for (const [name, objects] of this.#objects) {
      if (fits(objects)) this.#update(name);
      if (this.#options.clock() - began < TURN) continue;
      await nextTurn();
      if (signal.aborted) return;
      began = this.#options.clock();
    }
  }

  #update(name: string): void {
    const before = this.get(name);
    let after: T | undefined;
    try {
      after = this.#options.derive(this.#objects.get(name) ?? noObjects(name), before);
    } catch (error) {
      this.#options.onProblem(`Cannot derive the state of view ${name}; it stays as it was`, error);
      return;
    }
    // Much of what Kubernetes writes changes nothing here: nobody needs to wake for it.
    if (isDeepStrictEqual(before, after)) return;
    this.#keep(name, before, after);
    for (const listener of this.#listeners) {
      try {
        listener(name, after, before);
      } catch (error) {
        this.#options.onProblem(`A listener failed on a change of view ${name}`, error);
      }
    }
    this.#waiters.wake(name);
  }

  #keep(name: string, before: T | undefined, after: T | undefined): void {
    this.#snapshot = after === undefined ? this.#snapshot.delete(name) : this.#snapshot.set(name, after);
    if (after === undefined) this.#names.delete(name);
    else if (before === undefined) this.#names.add(name);
  }
}

/** This folder keeps the watched objects by view, and the state of each view. */
import { isDeepStrictEqual } from "node:util";
import { Map as ImmutableMap } from "immutable";
import { nextTurn } from "../../async/pause.ts";
import { orAborted } from "../../async/or_aborted.ts";
import type { ViewObjects } from "../../view/objects.ts";
import { isEmpty, noObjects, type Regroup } from "./group.ts";
import { ByName } from "../../view/by_name.ts";
import { Waiters } from "../../async/waiters.ts";

/** Derives a view's state; undefined if there is no such view. Must be pure: it is called for each change of an object. */
export type Derive<T> = (objects: ViewObjects, previous: T | undefined) => T | undefined;

/** Called when a view's state has changed. */
export type Listener<T> = (name: string, after: T | undefined, before: T | undefined) => void;

export interface StoreOptions<T> {
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly derive: Derive<T>;
  /** Reports what a derivation or a listener threw. The view keeps its state, and the other listeners are called. */
  readonly onProblem: (message: string, error: unknown) => void;
}

/** Milliseconds for which a sync may block the event loop. */
const TURN = 10;

/** The states of all views, as an immutable snapshot, with its listeners and waiters. */
export class Store<T> {
  readonly #options: StoreOptions<T>;
  readonly #objects = new Map<string, ViewObjects>();
  readonly #byName = new ByName<T>();
  readonly #waiters = new Waiters();
  readonly #listeners = new Set<Listener<T>>();
  readonly #settled = Promise.withResolvers<void>();
  /** Views that the first sync has yet to derive; undefined after it. */
  #unsettled: Set<string> | undefined = new Set();
  #snapshot = ImmutableMap<string, T>();

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  /** All views by name. Immutable: a change creates another snapshot. */
  get snapshot(): ImmutableMap<string, T> {
    return this.#snapshot;
  }

  /** Whether the snapshot contains all views that existed when the watches began. */
  get synced(): boolean {
    return this.#unsettled === undefined;
  }

  /** The number of views. */
  get size(): number {
    return this.#snapshot.size;
  }

  get(name: string): T | undefined {
    return this.#snapshot.get(name);
  }

  /** Up to `limit` views with names after the given one, in order. */
  page(after: string, limit: number): readonly T[] {
    return this.#byName.page(after, limit);
  }

  /**
   * Resolves with the view's first state that fits, present or future.
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

  /** Calls the listener for each future change, including those of the first sync. Returns the unsubscribe function. */
  subscribe(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once `synced` holds; rejects with the signal's reason. */
  async untilSynced(signal: AbortSignal): Promise<void> {
    await orAborted(this.#settled.promise, signal);
  }

  /** Applies a change of one of the view's objects. The cost does not depend on the number of views. */
  change<O>(name: string, regroup: Regroup<O>, before: O | undefined, after: O | undefined): void {
    const objects = regroup(this.#objects.get(name) ?? noObjects(name), before, after);
    if (isEmpty(objects)) this.#objects.delete(name);
    else this.#objects.set(name, objects);
    if (this.#unsettled === undefined) this.#update(name);
    else this.#unsettled.add(name);
  }

  /** Ends the first sync: derives all views, and lets the event loop run in between. */
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
   * Derives again the views whose objects fit, because their other input has changed. Lets the event loop run in between.
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
    // Most changes in Kubernetes leave the view's state as it is: they wake nobody.
    if (isDeepStrictEqual(before, after)) return;
    this.#keep(name, after);
    for (const listener of this.#listeners) {
      try {
        listener(name, after, before);
      } catch (error) {
        this.#options.onProblem(`A listener failed on a change of view ${name}`, error);
      }
    }
    this.#waiters.wake(name);
  }

  #keep(name: string, after: T | undefined): void {
    this.#snapshot = after === undefined ? this.#snapshot.delete(name) : this.#snapshot.set(name, after);
    if (after === undefined) this.#byName.delete(name);
    else this.#byName.set(name, after);
  }
}

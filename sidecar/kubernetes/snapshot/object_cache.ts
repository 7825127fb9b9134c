import type { Identified } from "../watch/watched_resource.ts";
import type { Trimmed } from "../watch/trim.ts";

/** An object of a view was added (`after` alone), modified (both) or deleted (`before` alone). */
export type OnChange<Kept> = (view: string, before: Kept | undefined, after: Kept | undefined) => void;

interface Entry<Kept> extends Trimmed<Kept> {
  readonly resourceVersion: string;
}

/**
 * The last versions of the objects of one type, by name. An object with the same name and another UID is reported as a
 * deletion and an addition, because the first object was deleted, even if the watch missed it.
 */
export class ObjectCache<Kept extends Identified> {
  readonly #entries = new Map<string, Entry<Kept>>();
  readonly #onChange: OnChange<Kept>;

  constructor(onChange: OnChange<Kept>) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Sets the object's present version; `trimmed` is undefined if it belongs to no view, or no longer. */
  put(name: string, resourceVersion: string, trimmed: Trimmed<Kept> | undefined): void {
    if (trimmed === undefined) return this.remove(name);
    const before = this.#entries.get(name);
    if (before?.resourceVersion === resourceVersion && before.object.uid === trimmed.object.uid) return;
    if (before !== undefined && (before.object.uid !== trimmed.object.uid || before.view !== trimmed.view)) {
      this.remove(name);
    }
    const { view, object } = trimmed;
    const same = this.#entries.get(name)?.object;
    this.#entries.set(name, { view, object, resourceVersion });
    this.#onChange(view, same, object);
  }

  remove(name: string): void {
    const before = this.#entries.get(name);
    if (before === undefined) return;
    this.#entries.delete(name);
    this.#onChange(before.view, before.object, undefined);
  }

  /** Removes all objects that a complete list does not contain. */
  retain(listed: ReadonlySet<string>): void {
    for (const name of this.#entries.keys()) {
      if (!listed.has(name)) this.remove(name);
    }
  }
}

import type { Identified } from "../watch/watched_resource.ts";
import type { Trimmed } from "../watch/trim.ts";

/** One object of a view came, changed or went: neither, either or both of the two are there, never none. */
export type OnChange<Kept> = (view: string, before: Kept | undefined, after: Kept | undefined) => void;

interface Entry<Kept> extends Trimmed<Kept> {
  readonly resourceVersion: string;
}

/**
 * The objects of one type as last heard, by name. An object under a known name whose UID is another is told as one that
 * went and one that came: that is what happened, even if nobody was listening when it did.
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

  /** The object as it is now; `trimmed` is undefined where it belongs to no view (any more). */
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

  /** Removes all that a whole list did not show. */
  retain(listed: ReadonlySet<string>): void {
    for (const name of this.#entries.keys()) {
      if (!listed.has(name)) this.remove(name);
    }
  }
}

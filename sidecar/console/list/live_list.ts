import type { ViewResource } from "@view-gateway/types";
import type { ListPage } from "../console_page.ts";

/** A view as it is now, or undefined: it is in the list no more. */
type Change = ViewResource | undefined;

/** More changes than this cost more than to load the page again. */
const MOST_CHANGES = 500;

/**
 * A page of the list that follows the changes of its views. Changes wait until `flush`, so that many become one. A change that
 * comes while the page is loaded again may be newer than what is loaded, so it is applied to that too.
 */
export class LiveList {
  #page: ListPage;
  #waiting = new Map<string, Change>();
  #sinceLoad: Map<string, Change> | undefined;

  constructor(page: ListPage) {
    this.#page = page;
  }

  get page(): ListPage {
    return this.#page;
  }

  /** Notes a change; answers false where there are too many: the page has to be loaded again. */
  note(name: string, change: Change): boolean {
    this.#waiting.set(name, change);
    this.#sinceLoad?.set(name, change);
    if (this.#waiting.size <= MOST_CHANGES && (this.#sinceLoad?.size ?? 0) <= MOST_CHANGES) return true;
    this.#waiting = new Map();
    this.#sinceLoad = this.#sinceLoad && new Map();
    return false;
  }

  /** Applies the changes that wait. */
  flush(): ListPage {
    this.#page = withChanges(this.#page, this.#waiting);
    this.#waiting = new Map();
    return this.#page;
  }

  /**
   * An answer of the API says what has become of a view. If the view has changed since the request, the stream has told more
   * than the answer: that the view fits the search no more, for example.
   */
  answered(before: ViewResource, after: Change): ListPage {
    this.flush();
    if (this.#page.views.includes(before)) this.note(before.name, after);
    return this.flush();
  }

  /** The page is about to be loaded again. */
  loading(): void {
    this.#sinceLoad = new Map();
  }

  /** It is loaded. */
  loaded(page: ListPage): ListPage {
    const changed = withChanges(page, this.#sinceLoad ?? new Map());
    this.#page = { ...changed, views: unlessSame(changed.views, this.#page.views) };
    this.#sinceLoad = undefined;
    return this.#page;
  }
}

/** Views that are as before stay the same objects. */
function unlessSame(views: readonly ViewResource[], before: readonly ViewResource[]): readonly ViewResource[] {
  const former = new Map(before.map((view) => [view.name, view]));
  return views.map((view) => {
    const same = former.get(view.name);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(view) ? same : view;
  });
}

/**
 * The page with these changes. Views that do not change stay the same objects. The number of all views follows those on the
 * page alone, until the page is loaded again.
 */
export function withChanges(page: ListPage, changes: ReadonlyMap<string, Change>): ListPage {
  const views = new Map(page.views.map((view) => [view.name, view]));
  const isOn = boundsOf(page);
  let isOther = false;
  for (const [name, change] of changes) {
    const before = views.get(name);
    if (
      change === undefined ? before === undefined : !isOn(name) || JSON.stringify(before) === JSON.stringify(change)
    ) {
      continue;
    }
    isOther = true;
    if (change === undefined) views.delete(name);
    else views.set(name, change);
  }
  if (!isOther) return page;
  const sorted = [...views.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  return { ...page, views: sorted, total: Math.max(0, page.total + sorted.length - page.views.length) };
}

/** Whether a view of this name belongs on the page. */
function boundsOf({ query: { after = "" }, next, views }: ListPage): (name: string) => boolean {
  const last = next === undefined ? undefined : views.at(-1)?.name;
  return (name) => name > after && (last === undefined || name <= last);
}

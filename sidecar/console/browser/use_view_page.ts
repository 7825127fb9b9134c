import { useEffect, useMemo, useState } from "preact/hooks";
import type { Problem } from "@view-gateway/types";
import { callApi } from "../api_client.ts";
import type { DetailsPage } from "../console_page.ts";
import { watchViews } from "./watch_views.ts";

/** The page of a view as it is now. */
export interface ViewPageNow {
  readonly page: DetailsPage;
  /** The view is deleted, or the visitor may see it no more. */
  readonly isGone: boolean;
  /** Why the page could not be loaded again. */
  readonly problem: Problem | undefined;
  readonly reload: () => void;
}

/** Milliseconds between two looks at a start that is under way: the stream of changes does not tell its steps. */
const LOOK_AGAIN = 2_000;

/** Follows a view: what the page shows comes from the server, when the stream says that something has changed. */
export function useViewPage(first: DetailsPage): ViewPageNow {
  const [page, setPage] = useState(first);
  const [isGone, setGone] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { name } = first.view;

  const loader = useMemo(() =>
    new PageLoader<DetailsPage>(`/views/${name}`, (reply) => {
      if ("value" in reply) {
        setProblem(undefined);
        setGone(false);
        setPage(reply.value);
      } else if (reply.problem.status === 404) setGone(true);
      else setProblem(reply.problem);
    }), [name]);
  const reload = loader.load;

  useEffect(() => {
    loader.begin();
    const whenSeen = () => document.hidden || reload();
    document.addEventListener("visibilitychange", whenSeen);
    // Who may only open the view gets no stream.
    const close = page.may.see ? watchViews(`/_api/views/${name}?watch`, eventsFor(reload, () => setGone(true))) : null;
    return () => {
      document.removeEventListener("visibilitychange", whenSeen);
      close?.();
      loader.end();
    };
  }, [name, page.may.see]);

  const goesOn = !isGone && isUnderWay(page);
  useEffect(() => {
    if (!goesOn) return;
    const timer = setInterval(() => document.hidden || reload(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [goesOn]);

  return { page, isGone, problem, reload };
}

function eventsFor(reload: () => void, gone: () => void) {
  return { opened: reload, changed: reload, gone, reset: reload, failed: reload, lost: () => {} };
}

function isUnderWay({ view: { phase, lastStart } }: DetailsPage): boolean {
  return phase === "starting" || lastStart?.outcome === "under way";
}

/** Loads a page's data again and again: one request at a time, and one more if it was asked for meanwhile. */
class PageLoader<Page> {
  readonly #path: `/${string}`;
  readonly #told: (reply: Awaited<ReturnType<typeof callApi<Page>>>) => void;
  #stop = new AbortController();
  #isLoading = false;
  #isAsked = false;

  constructor(path: `/${string}`, told: (reply: Awaited<ReturnType<typeof callApi<Page>>>) => void) {
    this.#path = path;
    this.#told = told;
  }

  begin(): void {
    this.#stop = new AbortController();
  }

  end(): void {
    this.#stop.abort();
  }

  readonly load = (): void => {
    this.#isAsked = true;
    if (!this.#isLoading) void this.#loadAll(this.#stop.signal);
  };

  async #loadAll(signal: AbortSignal): Promise<void> {
    this.#isLoading = true;
    while (this.#isAsked && !signal.aborted) {
      this.#isAsked = false;
      const reply = await callApi<Page>("GET", this.#path, { signal });
      if (!signal.aborted) this.#told(reply);
    }
    this.#isLoading = false;
  }
}

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Problem, ViewResource } from "@view-gateway/types";
import { callApi } from "../api_client.ts";
import type { ListPage, ListQuery } from "../console_page.ts";
import { listAddress, watchAddress } from "../list/list_address.ts";
import { LiveList } from "../list/live_list.ts";
import { watchViews } from "./watch_views.ts";

/** The list as it is now. */
export interface ViewsListNow {
  readonly page: ListPage;
  /** What the reader looks for; the page follows. */
  readonly query: ListQuery;
  /** The page is still that of a former search. */
  readonly isLoading: boolean;
  /** Changes do not come at the moment. */
  readonly isLost: boolean;
  /** Why the page could not be loaded. */
  readonly problem: Problem | undefined;
  readonly search: (query: ListQuery) => void;
  /** An answer of the API says what has become of a view of the page; undefined: it is gone. */
  readonly answered: (before: ViewResource, after: ViewResource | undefined) => void;
}

/** Follows the list: its first page comes with the document, later ones by the stream of changes and from the server. */
export function useViewsList(first: ListPage): ViewsListNow {
  const [page, setPage] = useState(first);
  const [query, setQuery] = useState(first.query);
  const [isLost, setLost] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const list = useMemo(() => new LiveList(first), []);
  const address = listAddress(query);

  const reload = useCallback(async (signal: AbortSignal) => {
    list.loading();
    const reply = await callApi<ListPage>("GET", address, { signal });
    if (signal.aborted) return;
    if ("problem" in reply) return setProblem(reply.problem);
    setProblem(undefined);
    setPage(list.loaded(reply.value));
  }, [address]);

  const flush = useCallback(() => setPage(list.flush()), []);

  useEffect(() => {
    const stop = new AbortController();
    const load = () => void reload(stop.signal);
    const later = onNextFrame(flush);
    let isLoaded = list.page === first && address === listAddress(first.query);
    const note = (name: string, view: ViewResource | undefined) => list.note(name, view) ? later.request() : load();
    history.replaceState(null, "", address);
    const close = watchViews(watchAddress(query), {
      opened: () => {
        isLoaded = true;
        setLost(false);
        load();
      },
      changed: (view) => note(view.name, view),
      gone: (name) => note(name, undefined),
      reset: load,
      failed: (isRefused) => {
        if (!isLoaded || isRefused) load();
        isLoaded = true;
      },
      lost: () => setLost(true),
    });
    return () => {
      stop.abort();
      close();
      later.cancel();
    };
  }, [address]);

  const answered = (before: ViewResource, after: ViewResource | undefined) => setPage(list.answered(before, after));
  const isLoading = problem === undefined && address !== listAddress(page.query);
  return { page, query, isLoading, isLost, problem, search: setQuery, answered };
}

/** However often it is requested, the function runs once a frame; or, in a tab that nobody sees, once a second. */
function onNextFrame(run: () => void) {
  let cancel: (() => void) | undefined;
  const now = () => {
    cancel = undefined;
    run();
  };
  return {
    request: () => {
      if (cancel !== undefined) return;
      if (document.hidden) {
        const timer = setTimeout(now, 1000);
        cancel = () => clearTimeout(timer);
      } else {
        const frame = requestAnimationFrame(now);
        cancel = () => cancelAnimationFrame(frame);
      }
    },
    cancel: () => cancel?.(),
  };
}

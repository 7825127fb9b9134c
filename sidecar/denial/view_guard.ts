import type { ViewOpening } from "../access/opening.ts";
import { Deadline } from "../async/deadline.ts";
import type { Handler } from "../http/http_server.ts";
import { problemResponse } from "../http/problem.ts";
import { viewOfHost } from "../view/name.ts";
import { isSameVersion } from "../view/same_version.ts";
import type { ViewState } from "../view/state.ts";
import { answerTo } from "./denial.ts";

export interface ViewGuardOptions {
  readonly views: {
    get(name: string): ViewState | undefined;
    /** Resolves once the snapshot holds all views; rejects with the signal's reason. */
    untilSynced(signal: AbortSignal): Promise<void>;
  };
  /** Undefined where everybody may open all views. */
  readonly openings: ViewOpening | undefined;
  readonly baseHost: string;
  /** Milliseconds that a request waits for the first sync. */
  readonly syncLimit?: number;
}

/**
 * Lets only users who may open a view see what the sidecar itself answers at the view's host: the progress of its start, and
 * its phase. A probe without a token is anonymous: it learns nothing, not even whether there is such a view.
 */
export function viewGuard({ views, openings, baseHost, syncLimit = 10_000 }: ViewGuardOptions, next: Handler): Handler {
  if (openings === undefined) return next;
  return async (request) => {
    const { method, headers, signal } = request;
    const name = viewOfHost(headers.get("host") ?? "", baseHost);
    if (name === undefined) return await next(request);
    using limit = new Deadline(signal, syncLimit);
    try {
      await views.untilSynced(limit.signal);
      const ask = () => {
        limit.signal.throwIfAborted();
        const view = views.get(name);
        return openings.mayOpen({ name, view, method, headers, navigation: false }, limit.signal)
          .then((opening) => ({ view, opening }));
      };
      let asked = await ask();
      // The view may have changed hands meanwhile.
      while (!isSameVersion(asked.view, views.get(name))) asked = await ask();
      const { opening } = asked;
      if (opening.kind === "denied") return answer(opening.denial);
      const response = await next(request);
      if (opening.setCookie !== undefined) response.headers.append("set-cookie", opening.setCookie);
      return response;
    } catch (error) {
      if (!limit.signal.aborted) throw error;
      return answer({ kind: "access-unknown", view: name, message: "The gateway has not read all views yet." });
    }
  };
}

function answer(denial: Parameters<typeof answerTo>[0]): Response {
  const { problem, retryAfter } = answerTo(denial);
  return problemResponse(problem, retryAfter);
}

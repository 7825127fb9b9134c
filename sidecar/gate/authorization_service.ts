import type { ViewOpening } from "../access/opening.ts";
import type { Announced } from "../envoy/held_bodies.ts";
import { type CheckRequest, checkRequestOf, hasTooManyPasses, responseTo, shouldGiveUp } from "./authorization.ts";
import type { Gate, Verdict } from "./gate.ts";
import { PassedRequests } from "./passed_requests.ts";
import type { HoldTrace, StartTraces } from "../traces/start_traces.ts";
import { holdEnd } from "./hold_end.ts";

export interface AuthorizationOptions {
  readonly gate: Pick<Gate, "check">;
  readonly baseHost: string;
  readonly gateToken: string;
  /** Decides who may open which view; missing where everybody may open all. */
  readonly openings?: ViewOpening | undefined;
  /** Bytes of Envoy's memory that a body may take while its request for the view is held. */
  readonly costOf: (body: Announced, view: string | undefined) => number;
  /** Seconds that a request may wait in all, however often it comes. */
  readonly holdSeconds: number;
  /** Whether this process has just been stopped for some seconds. */
  readonly stalled: () => boolean;
  /** Undefined where nothing is traced. */
  readonly traces?: Pick<StartTraces, "begin"> | undefined;
  /** Called with each verdict, the milliseconds that it took, and the ID of the request's trace. */
  readonly onVerdict: (view: string | undefined, verdict: Verdict, milliseconds: number, traceId?: string) => void;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Milliseconds that a browser waits before it gets a page that shows progress. */
  readonly browserPatience?: number;
}

/** As long as a person waits without wondering. */
const BROWSER_PATIENCE = 1_000;

/**
 * Answers Envoy's ext_authz, for which each request at the gate waits. If it throws, Envoy sees a failure and asks again.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto#extensions-filters-http-ext-authz-v3-httpservice
 */
export function authorizationService(
  options: AuthorizationOptions,
): (request: Request) => Promise<Response> {
  const { gate, baseHost, openings, gateToken, costOf, holdSeconds, stalled, traces, onVerdict, clock } = options;
  const { browserPatience = BROWSER_PATIENCE } = options;
  const hold = holdSeconds * 1000;
  const passedRequests = new PassedRequests(hold);

  const decide = async (
    check: CheckRequest,
    { method, headers, signal }: LazyRequest,
    arrivedAt: number | undefined,
    trace: HoldTrace | undefined,
  ): Promise<Verdict> => {
    const { view, host, navigation, body } = check;
    const waited = arrivedAt === undefined ? 0 : clock() - arrivedAt;
    const patience = navigation ? browserPatience : Infinity;
    const verdict = hasTooManyPasses(check) ? HANDED_BACK : await gate.check({
      view,
      host,
      disconnected: signal,
      ...trace !== undefined && { onHeld: (view) => trace.wait(view) },
      ...openings !== undefined && view !== undefined && {
        opens: (state, signal) => openings.mayOpen({ name: view, view: state, method, headers, navigation }, signal),
      },
      patience: Math.max(0, patience - waited),
      bodyCost: costOf(body, view),
      waited,
    });
    // A denial tells more than that the view cannot be reached.
    const passesAgain = arrivedAt !== undefined && (verdict.kind === "pass" || hasTooManyPasses(check));
    return passesAgain && view !== undefined && shouldGiveUp(waited, hold, patience)
      ? { kind: "denied", denial: { kind: "unreachable", view, state: undefined } }
      : verdict;
  };

  return async (request) => {
    const start = clock();
    const check = checkRequestOf(request, baseHost);
    const { view, id } = check;
    const arrivedAt = id === undefined ? undefined : passedRequests.arrivedAt(id);
    const trace = traces?.begin(request.headers.get("traceparent"));
    let verdict = HANDED_BACK;
    try {
      const decided = await decide(check, lazily(request), arrivedAt, trace);
      // After a stall, a time limit may have passed before anything else could run. Envoy asks again.
      if (decided.kind !== "denied" || !stalled()) verdict = decided;
    } finally {
      trace?.end(holdEnd(view, verdict));
    }
    const traceId = trace?.traceId;
    if (verdict.kind === "pass" && id !== undefined) passedRequests.record(id, arrivedAt ?? start, clock());
    onVerdict(view, verdict, clock() - start, traceId);
    return responseTo(verdict, check, gateToken, traceId);
  };
}

/** Deno makes a request's signal when it is first read, which costs as much as a whole answer. */
interface LazyRequest extends Pick<Request, "method" | "headers"> {
  readonly signal: () => AbortSignal;
}

function lazily(request: Request): LazyRequest {
  return { method: request.method, headers: request.headers, signal: () => request.signal };
}

const HANDED_BACK: Verdict = { kind: "handed back" };

import type { Announced } from "../envoy/held_bodies.ts";
import { type Asked, askedBy, givesUp, goesRound, responseTo } from "./authorization.ts";
import type { Gate, Verdict } from "./gate.ts";
import { Returns } from "./passed_requests.ts";

export interface AuthorizationOptions {
  readonly gate: Pick<Gate, "check">;
  readonly baseHost: string;
  readonly gateToken: string;
  /** Bytes of Envoy's memory that a body may take while its request is held. */
  readonly costOf: (body: Announced) => number;
  /** Seconds that a request may wait in all, however often it comes. */
  readonly holdSeconds: number;
  /** Whether this process has just not run for some seconds. */
  readonly stalled: () => boolean;
  /** Told of each request that the gate has decided on, and how many milliseconds it took. */
  readonly onVerdict: (view: string | undefined, verdict: Verdict, milliseconds: number) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Milliseconds that a browser waits before it gets a page to wait with. */
  readonly moment?: number;
}

/** No more than a person waits without wondering. */
const MOMENT = 1_000;

/**
 * Envoy's ext_authz, which each request that comes to the gate waits for. What is thrown is a failure to Envoy, which asks
 * again.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto#extensions-filters-http-ext-authz-v3-httpservice
 */
export function authorizationService(
  { gate, baseHost, gateToken, costOf, holdSeconds, stalled, onVerdict, now, moment = MOMENT }: AuthorizationOptions,
): (request: Request) => Promise<Response> {
  const hold = holdSeconds * 1000;
  const returns = new Returns(hold);

  const decide = async (asked: Asked, hungUp: () => AbortSignal, came: number | undefined): Promise<Verdict> => {
    const { view, host, navigation, body } = asked;
    const waited = came === undefined ? 0 : now() - came;
    const patience = navigation ? moment : Infinity;
    const left = Math.max(0, patience - waited);
    const verdict = goesRound(asked)
      ? HANDED_BACK
      : await gate.check(view, host, hungUp, { patience: left, bodyCost: costOf(body), waited });
    // Only what would go to the same end once more.
    const again = came !== undefined && view !== undefined && (verdict.kind === "pass" || goesRound(asked));
    return again && givesUp(waited, hold, patience)
      ? { kind: "denied", denial: { kind: "unreachable", view, state: undefined } }
      : verdict;
  };

  return async (request) => {
    const began = now();
    const asked = askedBy(request, baseHost);
    const { view, id } = asked;
    const came = id === undefined ? undefined : returns.came(id);
    const decided = await decide(asked, () => request.signal, came);
    // What it denies then may be for nothing but a limit of time that has passed meanwhile; Envoy asks again.
    const verdict = decided.kind === "denied" && stalled() ? HANDED_BACK : decided;
    if (verdict.kind === "pass" && id !== undefined) returns.passes(id, came ?? began, now());
    onVerdict(view, verdict, now() - began);
    return responseTo(verdict, asked, gateToken);
  };
}

const HANDED_BACK: Verdict = { kind: "handed back" };

import type { Announced } from "../envoy/held_bodies.ts";
import { BODY_HEADER, DENIAL_HEADER, PASS_HEADER } from "../envoy/names.ts";
import { viewOfHost } from "../view/name.ts";
import { denialHeader } from "../denial/denial_header.ts";
import type { Verdict } from "./gate.ts";
import { isNavigation, type Said } from "../http/navigation.ts";

/**
 * A request that passed the gate and came back this often finds its view gone each time: the sidecar believes in pods
 * that Envoy cannot reach. It is handed back, so that it is tried again after a pause.
 */
const MAX_PASSES = 3;

/** What a Check asks about. */
export interface Asked {
  /** The view that the host names; undefined where it names none. */
  readonly view: string | undefined;
  readonly host: string;
  readonly passes: number;
  /** Whether a person waits for it in front of a browser, and is best told by a page. */
  readonly navigation: boolean;
  readonly body: Announced;
  /** The same each time that Envoy repeats the request; undefined where nothing tells. */
  readonly id: string | undefined;
}

/** What a request to Envoy's authorization service asks: it has the method, the host and some of the headers. */
export function askedBy(request: Said, baseHost: string): Asked {
  const host = request.headers.get("host") ?? "";
  const passes = Number(request.headers.get(PASS_HEADER) ?? 0);
  return {
    view: viewOfHost(host, baseHost),
    host,
    passes: Number.isSafeInteger(passes) ? passes : MAX_PASSES,
    navigation: isNavigation(request),
    body: bodyOf(request),
    id: request.headers.get("x-request-id")?.concat(" ", host),
  };
}

function bodyOf({ headers }: Said): Announced {
  const announced = (headers.get(BODY_HEADER) ?? "").split(" ").filter((part) => part !== "");
  const length = announced.find((part) => /^[0-9]+$/.test(part));
  return {
    length: length === undefined ? undefined : Number(length),
    chunked: announced.some((part) => part !== length),
    upgrade: headers.get("upgrade") !== null,
  };
}

/** Milliseconds within which Envoy has come back with a request that it could not deliver. */
const ROUND = 5_000;

/**
 * Whether a request that has passed the gate and comes back is told that its view cannot be reached: a browser when it
 * would get a page anyway, and all others before Envoy would come back too late.
 * @param waited milliseconds since it came first
 * @param hold milliseconds that a request may wait in all
 * @param patience milliseconds after which the client would rather be told
 */
export function givesUp(waited: number, hold: number, patience: number): boolean {
  return waited >= Math.min(patience, hold - Math.min(ROUND, hold / 2));
}

/** Whether the request has been round too often to be let through again now. */
export function goesRound({ passes }: Asked): boolean {
  return passes >= MAX_PASSES;
}

/**
 * What Envoy is told: a header that the request takes along, by which it goes to its view or to what answers it. One that
 * is handed back is told as a failure, which the gate's local reply turns into an answer that the public listener tries
 * again.
 */
export function responseTo(verdict: Verdict, { passes }: Asked, gateToken: string): Response {
  switch (verdict.kind) {
    case "handed back":
      return new Response(null, { status: 503 });
    case "denied":
      return new Response(null, { headers: { [DENIAL_HEADER]: denialHeader(verdict.denial, gateToken) } });
    case "pass":
      return new Response(null, { headers: { [PASS_HEADER]: String(passes + 1) } });
  }
}

import type { Announced } from "../envoy/held_bodies.ts";
import { BODY_HEADER, DENIAL_HEADER, PASS_HEADER } from "../envoy/names.ts";
import { viewOfHost } from "../view/name.ts";
import { denialHeader } from "../denial/denial_header.ts";
import type { Verdict } from "./gate.ts";
import { openedHeaders } from "./opened_headers.ts";
import { isNavigation, type RequestHead } from "../http/navigation.ts";

/**
 * A request that has passed the gate this often comes back because Envoy cannot reach pods that the sidecar takes for
 * healthy. The gate hands it back, and Envoy sends it again after a pause.
 */
const MAX_PASSES = 3;

/** What Envoy asks the gate about. */
export interface CheckRequest {
  /** The view that the host names; undefined where it names none. */
  readonly view: string | undefined;
  readonly host: string;
  readonly passes: number;
  /** Whether a browser opens a page with it, so that a page is the best answer. */
  readonly navigation: boolean;
  readonly body: Announced;
  /** The same each time Envoy repeats the request; undefined where Envoy sends no request ID. */
  readonly id: string | undefined;
}

/** Reads Envoy's request to the authorization service, which has the client's method, host and some headers. */
export function checkRequestOf(request: RequestHead, baseHost: string): CheckRequest {
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

function bodyOf({ headers }: RequestHead): Announced {
  const announced = (headers.get(BODY_HEADER) ?? "").split(" ").filter((part) => part !== "");
  const length = announced.find((part) => /^[0-9]+$/.test(part));
  return {
    length: length === undefined ? undefined : Number(length),
    chunked: announced.some((part) => part !== length),
    upgrade: headers.get("upgrade") !== null,
  };
}

/** Milliseconds within which Envoy sends a request again that it could not deliver. */
const REDELIVERY = 5_000;

/**
 * Whether the gate answers a request that comes back with "cannot be reached": to a browser as soon as it would get a page
 * anyway, to other clients before the next redelivery would exceed the hold.
 * @param waited milliseconds since the request arrived first
 * @param hold milliseconds that a request may wait in all
 * @param patience milliseconds after which the client prefers a page that shows progress
 */
export function shouldGiveUp(waited: number, hold: number, patience: number): boolean {
  return waited >= Math.min(patience, hold - Math.min(REDELIVERY, hold / 2));
}

/** Whether the request has passed too often to pass again now. */
export function hasTooManyPasses({ passes }: CheckRequest): boolean {
  return passes >= MAX_PASSES;
}

/**
 * The answer to Envoy: a header for the request, which routes it to its view or to the sidecar's answer. A request that is
 * handed back gets a failure, which the gate's local reply turns into an answer that makes the public listener retry.
 */
export function responseTo(
  verdict: Verdict,
  { passes }: CheckRequest,
  gateToken: string,
  traceId?: string,
): Response {
  switch (verdict.kind) {
    case "handed back":
      return new Response(null, { status: 503 });
    case "denied":
      return new Response(null, {
        headers: { [DENIAL_HEADER]: denialHeader(verdict.denial, gateToken, traceId) },
      });
    case "pass":
      return new Response(null, {
        headers: {
          ...verdict.opening !== undefined && openedHeaders(verdict.opening, verdict.view),
          [PASS_HEADER]: String(passes + 1),
        },
      });
  }
}

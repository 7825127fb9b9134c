import { status } from "@grpc/grpc-js";
import { envoy } from "../gen/envoy.js";
import type { Served } from "../grpc/grpc_server.ts";
import { unary } from "../grpc/method.ts";
import { CallError, unaryHandler } from "../grpc/unary_handler.ts";
import { goesRound, requestOf, responseOf } from "./authorization.ts";
import type { Gate, Verdict } from "./gate.ts";

const { CheckRequest, CheckResponse } = envoy.service.auth.v3;

/** https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/service/auth/v3/external_auth.proto */
export const CHECK = {
  path: "/envoy.service.auth.v3.Authorization/Check",
  request: CheckRequest,
  response: CheckResponse,
} as const;

export interface AuthorizationOptions {
  readonly gate: Pick<Gate, "check">;
  readonly baseHost: string;
  /** Told of each request that the gate has decided on, and how many milliseconds it took. */
  readonly onVerdict: (view: string | undefined, verdict: Verdict, milliseconds: number) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Milliseconds that a browser waits before it gets a page to wait with. */
  readonly moment?: number;
}

/** No more than a person waits without wondering. */
const MOMENT = 1_000;

/** Envoy's ext_authz, which each request that comes to the gate waits for. */
export function authorizationService(
  { gate, baseHost, onVerdict, now, moment = MOMENT }: AuthorizationOptions,
): Served {
  const handler = unaryHandler(async (check: envoy.service.auth.v3.CheckRequest, hungUp: AbortSignal) => {
    const began = now();
    const request = requestOf(check, baseHost);
    const { view, host, navigation } = request;
    const patience = navigation ? moment : Infinity;
    const verdict = goesRound(request) ? HANDED_BACK : await gate.check(view, host, hungUp, patience);
    onVerdict(view, verdict, now() - began);
    const response = responseOf(verdict, request, Date.now());
    if (response === undefined) throw new CallError(status.UNAVAILABLE, "Ask again.");
    return response;
  });
  return { method: unary(CHECK), handler };
}

const HANDED_BACK: Verdict = { kind: "handed back" };

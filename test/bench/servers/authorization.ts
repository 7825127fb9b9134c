/**
 * Our ext_authz in a process of its own, wired as in the sidecar, with views that are all awake:
 * `authorization.ts SOCKET VIEWS`.
 */
import { Quota } from "../../../sidecar/async/quota.ts";
import { costOf } from "../../../sidecar/envoy/held_bodies.ts";
import { authorizationService } from "../../../sidecar/gate/authorization_service.ts";
import { Gate } from "../../../sidecar/gate/gate.ts";
import { HttpServer } from "../../../sidecar/http/http_server.ts";
import { logVerdict } from "../../../sidecar/telemetry/log_lines.ts";
import { startLogging } from "../../../sidecar/logging.ts";
import { Metrics } from "../../../sidecar/telemetry/metrics.ts";
import type { ViewState } from "../../../sidecar/view/state.ts";

const [socket, count] = Deno.args as [string, string];
const views = new Map(Array.from({ length: Number(count) }, (_, i) => [`view-${i}`, awake(`view-${i}`)]));
const endless = new AbortController().signal;
const never = () => Promise.reject(new Error("All views are awake."));

await startLogging("info");
const gate = new Gate({
  views: { get: (name: string) => views.get(name), until: never } as never,
  synced: () => true,
  launcher: { launch: never } as never,
  acks: { isAcked: () => true, untilAcked: never },
  leases: { isEnding: () => false, renew: never },
  holdSeconds: 120,
  held: new Quota({ each: 1000, total: 10_000 }),
  bodies: new Quota({ each: 1 << 27, total: 1 << 28 }),
  now: Date.now,
  stopping: endless,
  closing: endless,
  onFault: (_view: string, error: unknown) => {
    throw error;
  },
});
const metrics = new Metrics();
await HttpServer.onSocket(
  socket,
  authorizationService({
    gate,
    baseHost: "localhost",
    gateToken: "token",
    holdSeconds: 120,
    costOf: (body) => costOf(body, 1 << 23),
    stalled: () => false,
    clock: () => performance.now(),
    onVerdict: (view, verdict, milliseconds) => {
      metrics.gate(verdict, milliseconds / 1000);
      logVerdict(view, verdict, milliseconds);
    },
  }),
);
console.log("listening");

function awake(name: string): ViewState {
  return {
    name,
    uid: name,
    resourceVersion: "1",
    createdAt: "2026-01-01T00:00:00Z",
    owner: undefined,
    spec: { subsets: [] },
    phase: { kind: "awake", job: name, serving: [{ address: "127.0.0.1", port: 80 }] },
    draining: [],
    served: undefined,
  };
}

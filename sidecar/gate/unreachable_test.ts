import { deepEqual, ok } from "node:assert/strict";
import { deny, Gateway, TOKEN } from "../envoy/testing/gateway.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { authorizationService } from "./authorization_service.ts";
import { denialOf } from "../denial/denial_header.ts";

Deno.test("a request whose pod refuses connections is denied: after a moment for a browser, within the hold for others", async () => {
  await using pod = await Pod.start("a");
  await pod.stop();
  let checks = 0;
  const holdSeconds = 4;
  const authorization = authorizationService({
    gate: { check: ({ view }) => Promise.resolve({ kind: "pass", view: view! }) },
    baseHost: "localhost",
    gateToken: TOKEN,
    holdSeconds,
    costOf: () => 0,
    stalled: () => false,
    clock: () => performance.now(),
    onVerdict: () => {},
    browserPatience: 500,
  });
  await using gateway = await Gateway.start({
    settings: { holdSeconds },
    check: async (request) => {
      checks++;
      const response = await authorization(request);
      const denied = denialOf(response.headers.get("x-gate-denial"), TOKEN, { get: () => undefined });
      return denied === undefined ? response : deny(503, denied.denial.kind);
    },
  });
  await gateway.view("hello", { serving: [pod.address] });

  for (const accept of ["text/html", "*/*"]) {
    checks = 0;
    const { status, body } = await gateway.ask("hello.localhost", { headers: { accept } });
    deepEqual([status, body], [503, "unreachable"]);
    // It has been tried again before.
    ok(checks > 1, `${checks} Checks`);
  }
});

import { deepEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { envoy } from "../gen/envoy.js";
import { bidirectional } from "../grpc/method.ts";
import { Gateway } from "./testing/gateway.ts";
import { ViewKey } from "./testing/view_keys.ts";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type Call = ServerDuplexStream<
  envoy.service.ext_proc.v3.IProcessingRequest,
  envoy.service.ext_proc.v3.IProcessingResponse
>;

const KEY = await ViewKey.make("one");
const FORGED = { "x-view": "sales", "x-forwarded-user": "root", "x_forwarded_user": "root" };

/** Who asks, as ext_proc sees it. The first call of a request may end without an answer: then the lake's own listener asks again. */
async function seenOf(headers: Readonly<Record<string, string>>, fails = false) {
  const seen: Readonly<Record<string, string>>[] = [];
  const handler = (call: Call) => {
    call.on("error", () => {});
    call.on("data", ({ requestHeaders }: envoy.service.ext_proc.v3.IProcessingRequest) => {
      const all = requestHeaders?.headers?.headers ?? [];
      seen.push(Object.fromEntries(
        all.map(({ key, rawValue }) => [key ?? "", Buffer.from(rawValue ?? []).toString()])
          .filter(([name = ""]) => /^x[-_](view|forwarded[-_](user|email|groups))$/.test(name)),
      ));
      if (fails && seen.length === 1) return call.end();
      call.write({ immediateResponse: { status: { code: 200 } } });
    });
    call.on("end", () => call.end());
  };
  const method = bidirectional({
    path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
    request: ProcessingRequest,
    response: ProcessingResponse,
  });
  await using gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    settings: { lake: { endpoint: "http://127.0.0.1:9", caFile: "/etc/ssl/certs/ca-certificates.crt" } },
    served: [{ method, handler }],
  });
  const answer = await gateway.ask("sales.localhost", { path: "/_lake/lake/x", headers, timeout: 10_000 });
  return { status: answer.status, seen };
}

const ALICE = {
  "x-view": "sales",
  "x-forwarded-user": "oidc:alice",
  "x-forwarded-email": "alice@example.com",
  "x-forwarded-groups": "oidc:a,oidc:b",
};

Deno.test("a request to the lake tells the sidecar its user", async () => {
  deepEqual(await seenOf({ ...FORGED, cookie: await KEY.cookie("sales") }), { status: 200, seen: [ALICE] });
});

Deno.test("it does so too where the sidecar is asked again", async () => {
  deepEqual(await seenOf({ cookie: await KEY.cookie("sales") }, true), { status: 200, seen: [ALICE, ALICE] });
});

Deno.test("a client cannot read the lake under a name of its own choice", async () => {
  deepEqual(await seenOf(FORGED), { status: 200, seen: [{}] });
});

Deno.test("with a good cookie for another view, one asks as somebody of that view", async () => {
  const { seen: [seen = {}] } = await seenOf({ cookie: await KEY.cookie("other") });
  deepEqual(seen["x-view"], "other");
});

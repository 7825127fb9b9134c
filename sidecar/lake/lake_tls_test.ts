import assert from "node:assert/strict";
import { createServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Gateway, TOKEN } from "../envoy/testing/gateway.ts";
import { certifiedFor } from "../testing/certified.ts";
import type { ViewState } from "../view/state.ts";
import { ExtProcService } from "./ext_proc_service.ts";
import { SessionCredentials } from "./session_credentials.ts";
import { lakeSettings } from "./testing/settings.ts";

Deno.test("S3 is reached over TLS by the certificates given, and by no others", async () => {
  const [own, other] = [await certifiedFor("127.0.0.1"), await certifiedFor("127.0.0.1")];
  const seen: string[] = [];
  const named = new Set<string>();
  const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
    seen.push(`${request.url} ${request.headers.host} ${request.headers.authorization?.split(" ")[0]}`);
    for (const name of Object.keys(request.headers)) named.add(name);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("x-amz-request-id", "1");
    response.end("over TLS");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const caFile = await Deno.makeTempFile();
  try {
    for (const [ca, status] of [[own.certificate, 200], [other.certificate, 503]] as const) {
      await Deno.writeTextFile(caFile, ca);
      const credentials = new SessionCredentials(
        { accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" },
        0,
        1e15,
      );
      const extProc = new ExtProcService({
        views: { get: () => ({ name: "sales", spec: { subsets: [{ bucket: "lake" }] } }) as unknown as ViewState },
        vending: { credentials: () => Promise.resolve({ kind: "ready", credentials }) },
        settings: lakeSettings(endpoint, caFile),
        baseHost: "localhost",
        gateToken: TOKEN,
        now: Date.now,
      });
      await using gateway = await Gateway.start({ settings: { lake: { endpoint, caFile } }, served: [extProc.served] });
      const answer = await gateway.ask("sales.localhost", { path: "/_lake/lake/x%20y" });
      assert.equal(answer.status, status);
      const hidden = Object.keys(answer.headers).filter((name) => /^(x-amz|access-control)/.test(name));
      assert.deepEqual(hidden, []);
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await Deno.remove(caFile);
  }
  assert.deepEqual([...named].sort(), [
    "authorization",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
  ]);
  assert.deepEqual(seen, [`/lake/x%20y ${new URL(endpoint).host} AWS4-HMAC-SHA256`]);
});

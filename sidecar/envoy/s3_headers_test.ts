import { deepEqual } from "node:assert/strict";
import { signedPrefix } from "./names.ts";
import { socketsIn } from "./sockets.ts";
import { Gateway, TOKEN } from "./testing/gateway.ts";
import { askOverSocket } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

/** What a read depends on. */
const READ = {
  ...{ accept: "text/csv", range: "bytes=0-1", "user-agent": "curl", "if-match": '"1"', "if-none-match": '"2"' },
  ...{ "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT", "if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT" },
};

const SIGNATURE = {
  authorization: "AWS4-HMAC-SHA256 of the sidecar's",
  "x-amz-content-sha256": "hash",
  "x-amz-date": "20260101T000000Z",
  "x-amz-security-token": "token",
};

/** What else clients, proxies and the gateway say. */
const OTHERS = {
  ...{ cookie: "__Host-view=1; a=b", origin: "http://evil.localhost", referer: "http://a/", "accept-encoding": "gzip" },
  ...{ "x-amz-checksum-mode": "ENABLED", "x-amz-expected-bucket-owner": "me", "amz-sdk-request": "attempt=1" },
  ...{
    "x-http-method-override": "DELETE",
    "x-view": "sales",
    "x-forwarded-user": "root",
    "x-forwarded-for": "1.2.3.4",
  },
  ...{ "if-range": '"1"', "content-md5": "1", "range-": "x", "rang": "x", "x-amz-dat": "x", "x-minio-extract": "true" },
};

Deno.test("S3 gets what a read depends on and its signature, and nothing else, whoever has left it in the request", async () => {
  await using s3 = await Pod.start("s3");
  const endpoint = `http://127.0.0.1:${s3.address.port}`;
  await using gateway = await Gateway.start({
    settings: { lake: { endpoint, caFile: "/etc/ssl/certs/ca-certificates.crt" } },
  });
  // The sidecar's own socket leads to the route of signed requests, without the filter that asks the sidecar.
  const socket = socketsIn(gateway.settings.socketDirectory).startProbes;
  const headers = { ...READ, ...SIGNATURE, ...OTHERS };
  const path = `${signedPrefix(TOKEN)}lake/sales/x`;
  const { status, headers: shown } = await askOverSocket(socket, { host: "any", path, headers });
  const { host, connection: _, "transfer-encoding": __, ...seen } = s3.requests[0]!.headers;
  deepEqual([status, host, seen], [200, new URL(endpoint).host, { ...READ, ...SIGNATURE }]);
  // The pod says what it has seen in a header of its own.
  deepEqual(Object.keys(shown).filter((name) => name.startsWith("x-") && name !== "x-content-type-options"), []);
});

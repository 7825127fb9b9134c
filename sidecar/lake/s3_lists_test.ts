import { deepEqual, equal } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Gateway, TOKEN } from "../envoy/testing/gateway.ts";
import { certifiedFor } from "../testing/certified.ts";
import { S3Lists } from "./s3_lists.ts";
import { SessionCredentials } from "./session_credentials.ts";
import { lakeSettings } from "./testing/settings.ts";

const never = new AbortController().signal;
const made = new SessionCredentials({ accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" }, 0, 900_000);

Deno.test("lists are asked over TLS by the certificates given, in the path style, in the configured region", async () => {
  const [own, other] = [await certifiedFor("127.0.0.1"), await certifiedFor("127.0.0.1")];
  const seen: string[] = [];
  const named = new Set<string>();
  const server = createServer({ cert: own.certificate, key: own.key }, ({ url, headers }, response) => {
    seen.push(`${url} ${headers.host} ${headers.authorization?.match(/Credential=A\/\d+\/([^/]+)/)?.[1]}`);
    for (const name of Object.keys(headers)) named.add(name);
    response.end("<ListBucketResult/>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const caFile = await Deno.makeTempFile();
  try {
    for (const [ca, status] of [[own.certificate, 200], [other.certificate, 503]] as const) {
      await Deno.writeTextFile(caFile, ca);
      await using gateway = await Gateway.start({ settings: { lake: { endpoint, caFile } } });
      const { socketDirectory } = gateway.settings;
      // The style of pods has no part in it: no wildcard of a certificate is for a bucket's name with dots.
      const settings = { ...lakeSettings(endpoint, caFile), pathStyle: false, region: "eu-west-3" };
      const lists = new S3Lists({ settings, socketDirectory, gateToken: TOKEN, now: Date.now });
      try {
        const place = { bucket: "sales.2026.example", prefix: "a/" };
        equal((await lists.ask({ place, after: undefined }, made, never)).status, status);
      } finally {
        lists.close();
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await Deno.remove(caFile);
  }
  const query = "list-type=2&delimiter=%2F&encoding-type=url&max-keys=300&prefix=a%2F";
  deepEqual(seen, [`/sales.2026.example?${query} ${new URL(endpoint).host} eu-west-3`]);
  // S3 sees no path of the gateway's own, which has its token.
  const expected = [
    "authorization",
    "host",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
  ];
  deepEqual([...named].filter((name) => !/^accept/.test(name)).sort(), expected);
});

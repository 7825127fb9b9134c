import { deepEqual, equal } from "node:assert/strict";
import { bidirectional } from "../grpc/method.ts";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { envoy } from "../gen/envoy.js";
import { BUCKET_PROBE_HOST_HEADER, PROBED_ADDRESS_HEADER, signedPrefix } from "../envoy/names.ts";
import { Gateway, TOKEN } from "../envoy/testing/gateway.ts";
import { askOverSocket, exchange } from "../envoy/testing/http_client.ts";
import { connectOverHttp2 } from "../envoy/testing/http2_client.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { socketsIn } from "../envoy/sockets.ts";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type Call = ServerDuplexStream<
  envoy.service.ext_proc.v3.IProcessingRequest,
  envoy.service.ext_proc.v3.IProcessingResponse
>;

/** A sidecar that lets each request pass as it is: only the routes keep them from S3. */
const LETS_PASS = {
  method: bidirectional({
    path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
    request: ProcessingRequest,
    response: ProcessingResponse,
  }),
  handler: (call: Call) => {
    call.on("error", () => {});
    call.on("data", () => call.write({ requestHeaders: { response: {} } }));
    call.on("end", () => call.end());
  },
};

const LIST = "lake?list-type=2&prefix=sales/";

/** Guesses at the way to S3, by somebody who does not know the token; and ways that lead into it by another one. */
const SPELLINGS = [
  ...[`/_lake/${LIST}`, `/_lake/./${LIST}`, `/_lake/../${LIST}`, `/_lake//${LIST}`, `//_lake/${LIST}`, `/${LIST}`],
  ...[
    `/_lake/.x/${LIST}`,
    `/_lake/.${"0".repeat(TOKEN.length)}/${LIST}`,
    `/_lake/.TOKEN/${LIST}`,
    `/_lake/.%00/${LIST}`,
  ],
  ...[
    `/_lake/.*/${LIST}`,
    `/_lake/.${TOKEN.slice(0, -1)}/${LIST}`,
    `/_lake/.${TOKEN}0/${LIST}`,
    `/_lake/${TOKEN}/${LIST}`,
  ],
  ...[
    `/_lake%2f.x%2f${LIST}`,
    `/%5flake/.x/${LIST}`,
    `/_LAKE/.x/${LIST}`,
    `/_lake/%2ex/${LIST}`,
    `/_lake\\.x\\${LIST}`,
  ],
  ...[`/a/../_lake/.x/${LIST}`, `/a/%2e%2e/_lake/.x/${LIST}`, `/a%2f..%2f_lake/.x/${LIST}`, `/_lake/.x/../../${LIST}`],
  ...[`/_lake/.x;a=b/${LIST}`, `/_lake;/.x/${LIST}`, `/_gate/../_lake/.x/${LIST}`, `/_api/../_lake/.x/${LIST}`],
];

const HOSTS = [
  "localhost",
  "sales.localhost",
  "none.localhost",
  "a.b.localhost",
  "start_probes",
  "lake",
  "127.0.0.1",
  "",
];

/** What the sidecar says to Envoy, and what Envoy says to itself. */
function headersOf(s3: string): readonly Readonly<Record<string, string>>[] {
  return [
    {},
    { [BUCKET_PROBE_HOST_HEADER]: "sales.localhost", [PROBED_ADDRESS_HEADER]: s3 },
    {
      "x-envoy-original-path": `${signedPrefix(TOKEN)}${LIST}`,
      "x-forwarded-host": "lake",
      "x-original-url": `/${LIST}`,
    },
  ];
}

Deno.test("no client reaches S3 by the way of signed requests, whatever its path, host and headers are", async () => {
  // Given an S3 that notes each request, and a view that is awake.
  await using s3 = await Pod.start("s3");
  await using pod = await Pod.start("a");
  const lake = {
    endpoint: `http://${s3.address.address}:${s3.address.port}`,
    caFile: "/etc/ssl/certs/ca-certificates.crt",
  };
  await using gateway = await Gateway.start({ settings: { lake, holdSeconds: 1 }, served: [LETS_PASS] });
  await gateway.view("sales", { serving: [pod.address], door: "open" });
  const sets = headersOf(new URL(lake.endpoint).host);

  // When clients ask in all ways, over HTTP/1.1 …
  const asked = SPELLINGS.flatMap((path) => HOSTS.flatMap((host) => sets.map((headers) => ({ path, host, headers }))));
  await Promise.all(asked.map(async ({ path, host, headers }) => {
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await exchange(gateway.port, `GET ${path} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
  }));
  // … and over HTTP/2 …
  await using client = await connectOverHttp2(gateway.port);
  await Promise.all(asked.map(async ({ path, host, headers }) => {
    if (host === "" || !path.startsWith("/")) return;
    const stream = client.request({ ...headers, ":authority": host, ":method": "GET", ":path": path });
    stream.end();
    await client.answer(stream);
  }));
  // … then S3 sees none of it, while the sidecar's own socket leads there.
  deepEqual(s3.requests.map(({ path }) => path), []);
  const socket = socketsIn(gateway.settings.socketDirectory).startProbes;
  const { status } = await askOverSocket(socket, { host: "any", path: `${signedPrefix(TOKEN)}${LIST}` });
  equal(status, 200);
  deepEqual(s3.requests.map(({ path }) => path), [`/${LIST}`]);
});

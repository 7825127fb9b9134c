/** What Envoy reads by a signature that it has kept, and what it does not: the real Envoy in front of MinIO. */
import { deepEqual, equal, match } from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Stream, connect } from "node:http2";
import { exchange } from "../envoy/testing/http_client.ts";
import { LakeGateway, type LakeGatewayOptions } from "./testing/minio_lake.ts";
import { put } from "./testing/s3.ts";

const OBJECT = "lake/sales/2026.csv";
const SALES = [{ bucket: "lake", prefix: "sales" }];

/** A gateway whose Envoy has kept a signature for `OBJECT` of view `sales`. */
async function start(options: LakeGatewayOptions = {}): Promise<LakeGateway> {
  const gateway = await LakeGateway.start({ [OBJECT]: "0123456789", "lake/hr/x": "secret" }, options);
  gateway.lake.view("sales", SALES);
  equal((await gateway.ask("sales", OBJECT)).status, 200);
  return gateway;
}

/** How often Envoy has asked the sidecar. */
function asked(gateway: LakeGateway): Promise<number> {
  return gateway.gateway.envoy.stat("http.public.ext_proc.streams_started");
}

Deno.test("an object that was read is read again without the sidecar, as the request wants it", async (t) => {
  await using gateway = await start();
  const read = (headers: Record<string, string>) => gateway.ask("sales", OBJECT, { headers });
  const before = await asked(gateway);

  await t.step("whole, and with the headers of every answer from the lake", async () => {
    const { status, headers, body } = await read({});
    deepEqual([status, body, headers["cache-control"]], [200, "0123456789", undefined]);
    equal(headers["content-security-policy"], "default-src 'none'; sandbox");
    deepEqual(Object.keys(headers).filter((name) => name.startsWith("x-amz") || name === "server"), []);
  });

  await t.step("a part, on conditions", async () => {
    equal((await read({ range: "bytes=2-4" })).body, "234");
    const { headers: { etag = "" } } = await read({});
    equal((await read({ "if-none-match": etag })).status, 304);
    equal((await read({ "if-match": '"other"' })).status, 412);
    // The whole object: MinIO would join parts of two versions.
    deepEqual((await read({ range: "bytes=2-4", "if-range": '"other"' })).status, 200);
  });

  await t.step("with parts that are not there, and errors in the words of the gateway", async () => {
    const { status, body } = await read({ range: "bytes=20-30" });
    deepEqual([status, JSON.parse(body).type, JSON.parse(body).view], [
      416,
      "urn:view-gateway:range-not-satisfiable",
      "sales",
    ]);
    const toSdk = await read({ range: "bytes=20-30", "amz-sdk-request": "attempt=1" });
    match(toSdk.body, /<Error><Code>InvalidRange<\/Code>/);
  });

  await t.step("after a change of the object, what it is now", async () => {
    await put(gateway.lake.root, "lake", "sales/2026.csv", "abcdefghij");
    equal((await read({})).body, "abcdefghij");
  });

  await t.step("all that without a question", async () => equal(await asked(gateway), before));

  await t.step("HEAD has a signature of its own", async () => {
    for (const _ of [1, 2]) {
      const { status, headers, body } = await gateway.ask("sales", OBJECT, { method: "HEAD" });
      deepEqual([status, headers["content-length"], body], [200, "10", ""]);
    }
    const missing = { method: "HEAD", headers: { "if-match": '"other"' } };
    deepEqual((await gateway.ask("sales", OBJECT, missing)).status, 412);
    equal(await asked(gateway), before + 1);
  });
});

Deno.test("a listing, an error and a read without a permission to keep it are asked about each time", async () => {
  await using gateway = await start();
  for (const path of ["lake?list-type=2&prefix=sales/", "lake/sales/none", "lake/hr/x"]) {
    const before = await asked(gateway);
    for (const _ of [1, 2]) await gateway.ask("sales", path);
    equal(await asked(gateway), before + 2, path);
  }
  await using never = await start({ keeps: false });
  const before = await asked(never);
  await never.ask("sales", OBJECT);
  equal(await asked(never), before + 1);
});

const CHANGES: Readonly<Record<string, { readonly make: (gateway: LakeGateway) => void; readonly status: number }>> = {
  "is deleted": { make: ({ lake }) => lake.delete("sales"), status: 404 },
  "has other subsets": { make: ({ lake }) => lake.view("sales", [{ bucket: "lake", prefix: "hr" }]), status: 403 },
  "has none": { make: ({ lake }) => lake.view("sales", []), status: 403 },
  "is deleted and created again with other subsets": {
    make: ({ lake }) => {
      lake.delete("sales");
      lake.view("sales", [{ bucket: "lake", prefix: "hr" }]);
    },
    status: 403,
  },
  "is another one of its name, and nobody saw it deleted": {
    make: ({ lake }) => lake.view("sales", [], { uid: "another" }),
    status: 403,
  },
  "has no valid spec any more": { make: ({ lake }) => lake.view("sales", [], { spec: undefined }), status: 500 },
};

for (const [change, { make, status }] of Object.entries(CHANGES)) {
  Deno.test(`once Envoy knows that a view ${change}, none of its workers reads by a signature of before`, async () => {
    await using gateway = await start({ concurrency: 4 });
    const { envoy } = gateway.gateway;
    const ask = () => Promise.all(Array.from({ length: 60 }, () => gateway.ask("sales", OBJECT)));
    // Until each worker has kept it: connections are shared out as it comes.
    for (let before = -1; before !== await asked(gateway);) {
      before = await asked(gateway);
      await ask();
    }
    deepEqual(new Set((await ask()).map(({ status }) => status)), new Set([200]));

    make(gateway);
    await gateway.published;

    deepEqual(new Set((await ask()).map((answer) => answer.status)), new Set([status]));
    equal(await envoy.stat("http.public.downstream_rq_5xx"), status === 500 ? 60 : 0);
  });
}

Deno.test("what has no kept signature asks, however near it is to one that has", async () => {
  await using gateway = await start();
  gateway.lake.view("other", [{ bucket: "lake", prefix: "hr" }]);
  gateway.lake.view("sale", []);
  const statusOf = async (path: string, host = "sales.localhost") =>
    (await exchange(gateway.gateway.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(
      9,
      12,
    );
  const paths: Readonly<Record<string, string>> = {
    [`/_lake/${OBJECT}?versionId=null`]: "403",
    [`/_lake/${OBJECT}?acl`]: "403",
    [`/_lake/${OBJECT}?x-id=PutObject`]: "403",
    [`/_lake/${OBJECT}/`]: "403",
    [`/_lake//${OBJECT}`]: "404",
    [`/_lake/lake/sales%2F..%2F..%2Fhr/x`]: "403",
    [`/_lake/lake/sales/${"x".repeat(20_000)}`]: "400",
  };
  for (const [path, status] of Object.entries(paths)) {
    for (const _ of [1, 2]) equal(await statusOf(path), status, path.slice(0, 60));
  }
  // Another spelling of the same path is signed by itself.
  equal(await statusOf("/_lake/lake/sales%2F2026.csv"), "200");
  for (const host of ["other.localhost", "sale.localhost"]) {
    equal(await statusOf(`/_lake/${OBJECT}`, host), "403", host);
  }
  for (const host of ["none.localhost", "a.sales.localhost"]) {
    equal(await statusOf(`/_lake/${OBJECT}`, host), "404", host);
  }
  for (const host of ["SALES.localhost", "sales.localhost:80", "sales.localhost."]) {
    equal(await statusOf(`/_lake/${OBJECT}`, host), "200", host);
  }
});

Deno.test("a request with a body or an upgrade is refused, though there is a signature for its path", async (t) => {
  await using gateway = await start();
  const { port } = gateway.gateway;
  const head = `GET /_lake/${OBJECT} HTTP/1.1\r\nHost: sales.localhost\r\n`;

  await t.step("over HTTP/1.1", async () => {
    const bodies = ["Content-Length: 1\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"];
    for (const rest of [...bodies, "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]) {
      match(await exchange(port, `${head}Connection: close\r\n${rest}`), /^HTTP\/1\.1 400 /, rest);
    }
    match(await exchange(port, `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`), /^HTTP\/1\.1 40[03] /);
  });

  await t.step("over HTTP/2, which needs no content-length", async () => {
    const session = connect(`http://127.0.0.1:${port}`);
    const request = { ":authority": "sales.localhost", ":path": `/_lake/${OBJECT}` };
    const statusOf = async (send: (stream: ClientHttp2Stream) => void, headers = {}) => {
      const stream = session.request({ ...request, ...headers }, { endStream: false, waitForTrailers: true });
      stream.on("error", () => {});
      send(stream);
      const [answer] = await once(stream, "response", { signal: AbortSignal.timeout(10_000) });
      stream.destroy();
      return answer[":status"];
    };
    equal(await statusOf((stream) => stream.end("x")), 400);
    equal(await statusOf((stream) => stream.end()), 400);
    equal(await statusOf((stream) => void (stream.write("x"), stream.write("y"), stream.end())), 400);
    const withTrailers = (stream: ClientHttp2Stream) => {
      stream.on("wantTrailers", () => stream.sendTrailers({ a: "b" }));
      stream.end();
    };
    equal(await statusOf(withTrailers), 400);
    // Envoy does not keep as much as REQUEST_BODY_BUFFER_LIMIT_BYTES for a client that does not end.
    equal(await statusOf((stream) => void stream.write("x".repeat(1 << 20))), 413);
    session.destroy();
  });

  await t.step("and a read is still none of the sidecar's business", async () => {
    const before = await asked(gateway);
    equal((await gateway.ask("sales", OBJECT)).status, 200);
    equal(await asked(gateway), before);
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { exchange } from "../envoy/testing/http_client.ts";
import { LakeGateway, type LakeGatewayOptions } from "./testing/minio_lake.ts";
import { put } from "./testing/s3.ts";

const NAMES = ["plain.csv", "with space", "a+b", "a%2Fb", "100%25", "é日😀", "?#&=;:!'()*~@,$", "x%2e%2e", "e\u0301"];

const objects = {
  "lake/sales/2026.csv": "0123456789",
  "lake/sales-secret/x": "secret",
  "lake/hr/x": "secret",
  "other/sales/x": "secret",
  ...Object.fromEntries(NAMES.map((name) => [`lake/names/${name}`, `content of ${name}`])),
};

async function start(options: LakeGatewayOptions = {}): Promise<LakeGateway> {
  const gateway = await LakeGateway.start(objects, options);
  gateway.lake.view("sales", [{ bucket: "lake", prefix: "sales" }, { bucket: "lake", prefix: "names" }]);
  gateway.lake.view("none", []);
  return gateway;
}

Deno.test("a browser reads a sleeping view's subsets, through Envoy alone but for the heads", async (t) => {
  await using gateway = await start();

  await t.step("GET", async () => {
    const { status, headers, body } = await gateway.ask("sales", "lake/sales/2026.csv");
    assert.deepEqual([status, body], [200, "0123456789"]);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(String(headers["content-security-policy"]), /sandbox/);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    const shown = Object.keys(headers).filter((name) =>
      /^(x-amz|x-minio|access-control|server|strict|set-cookie)/.test(name)
    );
    assert.deepEqual(shown, []);
  });

  await t.step("HEAD", async () => {
    const { status, headers, body } = await gateway.ask("sales", "lake/sales/2026.csv", { method: "HEAD" });
    assert.deepEqual([status, headers["content-length"], body], [200, "10", ""]);
  });

  await t.step("a range, and one that is not there", async () => {
    const range = (range: string) => gateway.ask("sales", "lake/sales/2026.csv", { headers: { range } });
    const { status, headers, body } = await range("bytes=2-4");
    assert.deepEqual([status, headers["content-range"], body], [206, "bytes 2-4/10", "234"]);
    const beyond = await range("bytes=20-30");
    assert.deepEqual([beyond.status, JSON.parse(beyond.body).type], [416, "urn:view-gateway:range-not-satisfiable"]);
  });

  await t.step("what has not changed", async () => {
    const { headers: { etag } } = await gateway.ask("sales", "lake/sales/2026.csv");
    const same = await gateway.ask("sales", "lake/sales/2026.csv", { headers: { "if-none-match": etag! } });
    assert.deepEqual([same.status, same.body, same.headers["x-content-type-options"]], [304, "", "nosniff"]);
    const other = await gateway.ask("sales", "lake/sales/2026.csv", { headers: { "if-match": '"other"' } });
    assert.equal(other.status, 412);
  });

  await t.step("the keys of a prefix", async () => {
    const { status, body } = await gateway.ask("sales", "lake?list-type=2&prefix=sales/");
    assert.equal(status, 200);
    assert.deepEqual([...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key), ["sales/2026.csv"]);
    const slash = await gateway.ask("sales", "lake/?list-type=2&prefix=names%2F&delimiter=/&max-keys=2");
    assert.match(slash.body, /<IsTruncated>true<\/IsTruncated>/);
  });

  await t.step("names of every kind", async () => {
    for (const name of NAMES) {
      const { status, body } = await gateway.ask("sales", `lake/names/${encodeURIComponent(name)}`);
      assert.deepEqual([status, body], [200, `content of ${name}`], name);
    }
    assert.equal((await gateway.ask("sales", "lake/names/a+b")).body, "content of a+b");
    assert.equal((await gateway.ask("sales", "lake/names%2Fplain.csv")).body, "content of plain.csv");
  });

  await t.step("an object that is not there is a problem", async () => {
    const { status, headers, body } = await gateway.ask("sales", "lake/sales/none");
    assert.deepEqual([status, headers["content-type"]], [404, "application/problem+json"]);
    assert.equal(JSON.parse(body).type, "urn:view-gateway:not-in-lake");
  });

  await t.step("all that by one AssumeRole", () => assert.equal(gateway.lake.assumed, 1));
});

Deno.test("nothing else is read, however it is asked for", async (t) => {
  await using gateway = await start();
  const statusOf = async (path: string, method = "GET") => (await gateway.ask("sales", path, { method })).status;

  await t.step("what is in no subset", async () => {
    for (
      const path of [
        "lake/sales-secret/x",
        "lake/sales-secret",
        "lake/hr/x",
        "other/sales/x",
        "lake/hr",
        "lake",
        "lake?list-type=2",
      ]
    ) {
      assert.equal(await statusOf(path), 403, path);
    }
    await put(gateway.lake.root, "lake", "names", "secret");
    const { status, body } = await gateway.ask("sales", "lake/names");
    assert.deepEqual([status, body.includes("secret")], [404, false]);
    assert.equal((await gateway.ask("none", "lake/sales/2026.csv")).status, 403);
    assert.equal((await gateway.ask("unknown", "lake/sales/2026.csv")).status, 404);
  });

  await t.step("ways out of the prefix", async () => {
    const up = [
      "../",
      "..%2f",
      "%2e%2e/",
      "%2e%2e%2f",
      "%2E%2e/",
      ".%2e/",
      "..%5c",
      "..\\",
      "%5c..%5c",
      "./../",
      "%2e/%2e%2e/",
    ];
    for (const out of [...up, "//", "/%2f", "%00", "%0a", ".;/../"]) {
      for (
        const path of [
          `lake/sales/${out}hr/x`,
          `lake/sales/${out}${out}other/sales/x`,
          `lake/names/${out}sales-secret/x`,
        ]
      ) {
        const { status, body } = await gateway.ask("sales", path);
        assert.ok(
          [400, 403, 404].includes(status) && !body.includes("secret\n") && body !== "secret",
          `${path}: ${status}`,
        );
      }
    }
    for (const twice of ["%252e%252e%252f", "%252e%252e/", "%25%32%65%25%32%65/"]) {
      const { status, body } = await gateway.ask("sales", `lake/sales/${twice}hr/x`);
      assert.deepEqual([status, body.includes("secret")], [404, false], twice);
    }
  });

  await t.step("malformed escapes", async () => {
    for (const escape of ["%", "%2", "%zz", "%c0%ae", "%ff"]) {
      assert.equal(await statusOf(`lake/sales/${escape}`), 400, escape);
    }
  });

  await t.step("methods and parameters", async () => {
    for (const method of ["PUT", "POST", "DELETE", "OPTIONS", "PATCH"]) {
      const { status, headers } = await gateway.ask("sales", "lake/sales/2026.csv", { method });
      assert.deepEqual([status, headers.allow], [405, "GET, HEAD"], method);
    }
    for (const query of ["acl", "versionId=null", "response-content-type=text/html", "uploads", "X-Amz-Expires=1"]) {
      assert.equal(await statusOf(`lake/sales/2026.csv?${query}`), 403, query);
    }
    assert.equal(
      (await gateway.ask("sales", "lake/sales/2026.csv", {
        body: "x",
        headers: { "content-length": "1" },
      })).status,
      400,
    );
  });

  await t.step("the object is still there", async () => assert.equal(await statusOf("lake/sales/2026.csv"), 200));
});

Deno.test("what a client says of credentials, cookies, origins and methods does not reach S3", async () => {
  await using gateway = await start();
  const headers = {
    authorization:
      "AWS4-HMAC-SHA256 Credential=test-root/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
    cookie: "session=1",
    origin: "http://evil.localhost",
    "x-amz-security-token": "mine",
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-expected-bucket-owner": "somebody",
    "x-http-method-override": "DELETE",
    "access-control-request-method": "GET",
  };
  const { status, body, headers: answered } = await gateway.ask("sales", "lake/sales/2026.csv", { headers });
  assert.deepEqual([status, body], [200, "0123456789"]);
  assert.deepEqual(Object.keys(answered).filter((name) => name.startsWith("access-control")), []);
});

Deno.test("an upgrade of a lake's path is refused", async () => {
  await using gateway = await start();
  const answer = await exchange(
    gateway.gateway.port,
    "GET /_lake/lake/sales/2026.csv HTTP/1.1\r\nHost: sales.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  assert.match(answer, /^HTTP\/1\.1 40[03] /);
});

Deno.test("without STS there is a problem with the cause, at once; what was vended before goes on", async () => {
  await using gateway = await start();
  await gateway.ask("sales", "lake/sales/2026.csv");
  gateway.lake.view("late", [{ bucket: "lake", prefix: "sales" }]);
  await gateway.lake.minio.stop();
  const { status, body } = await gateway.ask("late", "lake/sales/2026.csv");
  assert.deepEqual([status, JSON.parse(body).reason], [503, "StsUnreachable"]);
  assert.equal(
    JSON.parse((await gateway.ask("sales", "lake/sales/2026.csv")).body).type,
    "urn:view-gateway:lake-unavailable",
  );
});

Deno.test("requests for the lake outlive the sidecar's crash, and none goes on unchecked", async () => {
  await using gateway = await start();
  const { controlPlane } = gateway.gateway;
  await controlPlane.stop();
  const ask = (path: string) => Promise.all(Array.from({ length: 20 }, () => gateway.ask("sales", path)));
  const answers = Promise.all([ask("lake/sales/2026.csv"), ask("lake/hr/x"), ask("lake/sales/none")]);
  await delay(1_500);
  await controlPlane.start();

  const statuses = (await answers).map((answers) => new Set(answers.map(({ status }) => status)));
  assert.deepEqual(statuses, [new Set([200]), new Set([403]), new Set([404])]);
  const [[{ headers, body } = assert.fail()]] = await answers;
  assert.deepEqual([body, headers["x-content-type-options"]], ["0123456789", "nosniff"]);
  assert.deepEqual(Object.keys(headers).filter((name) => /^x-(amz|gate)/.test(name)), []);
});

Deno.test("while the sidecar stays away, a request gets an answer after its longest wait", async () => {
  await using gateway = await start({ holdSeconds: 1 });
  await gateway.gateway.controlPlane.stop();
  const { status, headers, body } = await gateway.ask("sales", "lake/sales/2026.csv");
  assert.deepEqual([status, headers["retry-after"], headers["x-gate-unavailable"]], [503, "2", undefined]);
  assert.equal(JSON.parse(body).type, "urn:view-gateway:gateway-unavailable");
  await gateway.gateway.controlPlane.start();
});

Deno.test("the bytes of a large object do not pass through the sidecar, and arrive as they are", async () => {
  const size = 32 << 20;
  const large = new Uint8Array(size).map((_, i) => i * 31 + (i >> 12));
  await using gateway = await LakeGateway.start({ "lake/big/object": large });
  gateway.lake.view("big", [{ bucket: "lake", prefix: "big" }]);
  const socket = connect(gateway.gateway.port, "127.0.0.1");
  socket.write("GET /_lake/lake/big/object HTTP/1.1\r\nHost: big.localhost\r\nConnection: close\r\n\r\n");
  let bytes = 0;
  let head = "";
  socket.on("data", (part) => {
    if (bytes === 0) head = String(part).slice(0, 200);
    bytes += part.length;
  });
  await once(socket, "close");
  assert.match(head, /^HTTP\/1\.1 200 OK/);
  assert.ok(bytes > size && bytes < size + 4096, String(bytes));
});

Deno.test("12,000 requests go through the sidecar's check without an error", async () => {
  await using gateway = await start({ keeps: false });
  const agent = new Agent({ keepAlive: true, maxSockets: 48 });
  const options = { host: "127.0.0.1", port: gateway.gateway.port, path: "/_lake/lake/sales/2026.csv", agent };
  const headers = { host: "sales.localhost", range: "bytes=0-3" };
  const counts = new Map<number | undefined, number>();
  const worker = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const call = request({ ...options, headers }).end();
      const [response] = await once(call, "response");
      for await (const _ of response);
      counts.set(response.statusCode, (counts.get(response.statusCode) ?? 0) + 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: 48 }, () => worker(250)));
  } finally {
    agent.destroy();
  }
  assert.deepEqual([...counts], [[206, 12_000]]);
  assert.equal(await gateway.gateway.envoy.stat("http.public.ext_proc.streams_started"), 12_000);
  assert.equal(await gateway.gateway.envoy.stat("http.public.ext_proc.streams_failed"), 0);
});

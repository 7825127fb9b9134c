import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { envoy } from "../gen/envoy.js";
import { bidirectional } from "../grpc/method.ts";
import { Gateway, TOKEN } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";
import { struct } from "./values.ts";
import { LAKE_METADATA, signedPrefix } from "./names.ts";
import type { ServerDuplexStream } from "@grpc/grpc-js";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type Call = ServerDuplexStream<
  envoy.service.ext_proc.v3.IProcessingRequest,
  envoy.service.ext_proc.v3.IProcessingResponse
>;

/** A gateway that lets each request for the lake of view `sales` through to an S3 that answers as the test says. */
async function start(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const s3 = await Pod.start("s3", { answer });
  const path = { key: ":path", rawValue: new TextEncoder().encode(`${signedPrefix(TOKEN)}lake/x`) };
  const signed = ({ requestHeaders }: envoy.service.ext_proc.v3.IProcessingRequest) => ({
    requestHeaders: { response: { headerMutation: { setHeaders: [{ header: path }] }, clearRouteCache: true } },
    dynamicMetadata: struct({
      [LAKE_METADATA]: {
        view: "sales",
        head: valueOf(":method", requestHeaders?.headers) === "HEAD",
        s3: valueOf("x-amz-date", requestHeaders?.headers) !== undefined,
      },
    }),
  });
  const handler = (call: Call) => {
    call.on("data", (request) => call.write(signed(request)));
    call.on("end", () => call.end());
  };
  const method = bidirectional({
    path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
    request: ProcessingRequest,
    response: ProcessingResponse,
  });
  const endpoint = `http://127.0.0.1:${s3.address.port}`;
  const gateway = await Gateway.start({
    settings: { lake: { endpoint, caFile: "/etc/ssl/certs/ca-certificates.crt" } },
    served: [{ method, handler }],
  });
  return {
    ask: (method = "GET", headers: Record<string, string> = {}) =>
      gateway.ask("sales.localhost", { path: "/_lake/lake/x", method, headers }),
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
    },
  };
}

function valueOf(name: string, headers: envoy.config.core.v3.IHeaderMap | null | undefined): string | undefined {
  const raw = headers?.headers?.find(({ key }) => key === name)?.rawValue;
  return raw ? new TextDecoder().decode(raw as Uint8Array<ArrayBuffer>) : undefined;
}

Deno.test("what S3 answers is shown without its own headers, and cannot run as the view", async () => {
  await using lake = await start((_, response) =>
    response.writeHead(200, {
      "content-type": "text/html",
      "etag": '"1"',
      "set-cookie": "a=b",
      "server": "S3",
      "x-amz-id-2": "id",
      "access-control-allow-origin": "*",
      "content-security-policy": "default-src *",
      "x-own": "1",
    }).end("<script>")
  );
  const { status, headers, body } = await lake.ask();
  const { date: _, connection: __, "transfer-encoding": ___, ...rest } = headers;
  assert.deepEqual([status, body], [200, "<script>"]);
  assert.deepEqual(rest, {
    "content-type": "text/html",
    "etag": '"1"',
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
});

/** What S3 answers, by status alone: as to HEAD, or with a code that the gateway does not know. */
const statuses = [
  { s3: 301, status: 502, type: "lake-elsewhere" },
  { s3: 302, status: 502, type: "lake-failed", detail: "The lake cannot answer now (302)." },
  { s3: 307, status: 502, type: "lake-elsewhere" },
  { s3: 400, status: 400, type: "lake-refused", detail: "The lake does not accept the request (400)." },
  { s3: 403, status: 403, type: "lake-denied" },
  { s3: 404, status: 404, type: "not-in-lake" },
  { s3: 405, status: 405, type: "lake-refused" },
  { s3: 409, status: 409, type: "lake-refused" },
  { s3: 412, status: 412, type: "precondition-failed" },
  { s3: 416, status: 416, type: "range-not-satisfiable" },
  { s3: 429, status: 503, type: "lake-unavailable", retry: "2" },
  { s3: 499, status: 400, type: "lake-refused", detail: "The lake does not accept the request (499)." },
  { s3: 500, status: 502, type: "lake-failed", detail: "The lake cannot answer now (500)." },
  { s3: 501, status: 501, type: "not-offered" },
  { s3: 503, status: 503, type: "lake-unavailable", retry: "2" },
  { s3: 504, status: 502, type: "lake-failed" },
];

/** S3's answers with a code, which says more than the status. */
const codes = [
  { code: "NoSuchKey", s3: 404, status: 404, type: "not-in-lake" },
  { code: "NoSuchBucket", s3: 404, status: 404, type: "not-in-lake", detail: "The lake has no such bucket." },
  { code: "AccessDenied", s3: 403, status: 403, type: "lake-denied" },
  { code: "InvalidObjectState", s3: 403, status: 403, type: "object-archived" },
  { code: "PreconditionFailed", s3: 412, status: 412, type: "precondition-failed" },
  { code: "InvalidRange", s3: 416, status: 416, type: "range-not-satisfiable" },
  { code: "NotImplemented", s3: 501, status: 501, type: "not-offered" },
  { code: "MethodNotAllowed", s3: 405, status: 405, type: "lake-refused" },
  { code: "OperationAborted", s3: 409, status: 409, type: "lake-refused" },
  { code: "KeyTooLongError", s3: 400, status: 400, type: "lake-refused" },
  { code: "InvalidBucketName", s3: 400, status: 400, type: "lake-refused" },
  { code: "InvalidArgument", s3: 400, status: 400, type: "lake-refused" },
  { code: "InvalidRequest", s3: 400, status: 400, type: "lake-refused" },
  // The client is not to blame for these, whatever S3's status says.
  { code: "ExpiredToken", s3: 400, status: 502, type: "lake-rejects-gateway" },
  { code: "InvalidAccessKeyId", s3: 403, status: 502, type: "lake-rejects-gateway" },
  { code: "SignatureDoesNotMatch", s3: 403, status: 502, type: "lake-rejects-gateway" },
  { code: "RequestTimeTooSkewed", s3: 403, status: 502, type: "lake-rejects-gateway" },
  { code: "AuthorizationHeaderMalformed", s3: 400, status: 502, type: "lake-elsewhere" },
  { code: "PermanentRedirect", s3: 301, status: 502, type: "lake-elsewhere" },
  { code: "RequestTimeout", s3: 400, status: 503, type: "lake-unavailable", retry: "2" },
  { code: "SlowDown", s3: 503, status: 503, type: "lake-unavailable", retry: "2" },
];

Deno.test("an error of S3's is a problem of the gateway's: S3's own text repeats the session token", async (t) => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  await using lake = await start((request, response) => answer(request, response));
  const expect = async (expected: { status: number; type: string; detail?: string; retry?: string }) => {
    const found = await lake.ask();
    const problem = JSON.parse(found.body);
    const { status, type, detail, retry } = expected;
    assert.deepEqual([found.status, found.headers["retry-after"]], [status, retry]);
    assert.deepEqual([problem.type, problem.status, problem.view], [`urn:view-gateway:${type}`, status, "sales"]);
    if (detail) assert.equal(problem.detail, detail);
    assert.equal(found.headers["content-type"], "application/problem+json");
    assert.equal(found.headers["cache-control"], "no-store");
    assert.equal(found.headers["x-content-type-options"], "nosniff");
    assert.equal(found.headers["x-amz-request-id"], undefined);
    assert.ok(!found.body.includes("secret"), found.body);
    return problem;
  };

  for (const { s3, ...expected } of statuses) {
    await t.step(`${s3} without a code that is known`, async () => {
      answer = (_, response) => response.writeHead(s3, { "x-amz-request-id": "1" }).end("<Token>secret</Token>");
      assert.equal((await expect(expected)).reason, undefined);
      answer = (_, response) => response.writeHead(s3).end();
      await expect(expected);
    });
  }

  for (const { s3, code, ...expected } of codes) {
    await t.step(code, async () => {
      const error = `<Error><Code>${code}</Code><Message>secret</Message><Key>secret</Key></Error>`;
      answer = (_, response) => response.writeHead(s3).end(`<?xml version="1.0" encoding="UTF-8"?>\n${error}`);
      assert.equal((await expect(expected)).reason, code);
      answer = (_, response) => response.writeHead(s3).end(error);
      assert.equal((await expect(expected)).reason, code);
      const toSdk = await lake.ask("GET", { "x-amz-date": "now" });
      assert.deepEqual([toSdk.status, toSdk.headers["content-type"]], [expected.status, "application/xml"]);
      assert.ok(toSdk.body.includes(`<Error><Code>${code}</Code><Message>`), toSdk.body);
      assert.ok(!toSdk.body.includes("secret"), toSdk.body);
    });
  }

  await t.step("a code within what S3 repeats of the request is none", async () => {
    const repeated = "<Error><Key><Error><Code>NoSuchBucket</Code></Key><Code>AccessDenied</Code></Error>";
    answer = (_, response) => response.writeHead(403).end(repeated);
    assert.equal((await expect({ status: 403, type: "lake-denied" })).reason, undefined);
  });

  await t.step("a range that is not there: how long the object is", async () => {
    answer = (_, response) => response.writeHead(416, { "content-range": "bytes */10" }).end();
    assert.equal((await lake.ask()).headers["content-range"], "bytes */10");
  });

  await t.step("to HEAD, without a body", async () => {
    answer = (_, response) => response.writeHead(404, { "content-length": "500", "x-amz-request-id": "1" }).end();
    const { status, headers, body } = await lake.ask("HEAD");
    assert.deepEqual([status, headers["x-amz-request-id"], body], [404, undefined, ""]);
  });

  await t.step("in chunks, and of more than Envoy keeps", async () => {
    answer = (_, response) => {
      response.writeHead(500);
      for (let i = 0; i < 200; i++) response.write("secret".repeat(3_000));
      response.end();
    };
    const { status, body } = await lake.ask();
    assert.ok(
      status >= 500 && JSON.parse(body).type.startsWith("urn:view-gateway:"),
      `${status} ${body.slice(0, 200)}`,
    );
    assert.ok(!body.includes("secret"));
  });

  await t.step("cut off before its body is whole", async () => {
    answer = (_, response) => {
      response.writeHead(403, { "content-length": "100" });
      response.write("secret");
      setTimeout(() => response.destroy(), 50);
    };
    const found = await lake.ask().catch((error: Error) => ({ status: 0, body: error.message }));
    assert.ok(!found.body.includes("secret"), found.body);
  });
});

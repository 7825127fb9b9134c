import { deepEqual, equal, match } from "node:assert/strict";
import protobuf from "protobufjs";
import { TraceReceiver } from "./trace_receiver.ts";
import type { ZipkinSpan } from "./zipkin_spans.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";
const PARENT = "eee19b7ec3c1b173";

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

const REQUEST = {
  resourceSpans: [{
    resource: { attributes: [{ key: "service.name", value: { stringValue: "view-gateway" } }] },
    scopeSpans: [{
      spans: [{
        ...{ traceId: TRACE, spanId: SPAN, parentSpanId: PARENT, name: "hold", kind: 2 },
        ...{ startTimeUnixNano: "1700000000123456789", endTimeUnixNano: "1700000001123456789" },
        attributes: [{ key: "held", value: { intValue: "-3" } }, { key: "cold", value: { boolValue: true } }],
        events: [{ timeUnixNano: "1700000000500000000", name: "launched" }],
        links: [{ traceId: TRACE, spanId: PARENT }],
        status: { code: 2, message: "OOMKilled" },
      }],
    }],
  }],
};

/** What Zipkin gets of it, in either encoding. */
const SENT: ZipkinSpan = {
  ...{ traceId: TRACE, id: SPAN, parentId: PARENT, name: "hold", kind: "SERVER" },
  ...{ timestamp: 1_700_000_000_123_456, duration: 1_000_000, localEndpoint: { serviceName: "view-gateway" } },
  annotations: [{ timestamp: 1_700_000_000_500_000, value: "launched" }],
  tags: {
    ...{ held: "-3", cold: "true", "link.0": `${TRACE}/${PARENT}` },
    ...{ "otel.status_code": "ERROR", error: "OOMKilled" },
  },
};

/** A field of protobuf's wire format: https://protobuf.dev/programming-guides/encoding */
type Field = readonly [number, Uint8Array | string | number | bigint];

/** A message in protobuf's encoding: texts, bytes and messages, numbers as varints, and those of 64 bits as fixed64. */
function message(...fields: readonly Field[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [field, value] of fields) {
    if (typeof value === "bigint") writer.uint32(field << 3 | 1).fixed64(String(value));
    else if (typeof value === "number") writer.uint32(field << 3).int64(value);
    else if (typeof value === "string") writer.uint32(field << 3 | 2).string(value);
    else writer.uint32(field << 3 | 2).bytes(value);
  }
  return writer.finish();
}

/** `REQUEST` in protobuf's encoding, by the numbers of https://github.com/open-telemetry/opentelemetry-proto. */
function inProtobuf(): Uint8Array<ArrayBuffer> {
  const attribute = (key: string, ...value: Field[]) => message([1, key], [2, message(...value)]);
  const [trace, span, parent] = [TRACE, SPAN, PARENT].map(Uint8Array.fromHex) as [Uint8Array, Uint8Array, Uint8Array];
  const whole = message(
    ...[[1, trace], [2, span], [3, "state"], [4, parent], [5, "hold"], [6, 2]] as Field[],
    ...[[7, 1700000000123456789n], [8, 1700000001123456789n]] as Field[],
    ...[[9, attribute("held", [3, -3])], [9, attribute("cold", [2, 1])], [10, 7]] as Field[],
    [11, message([1, 1700000000500000000n], [2, "launched"])],
    [13, message([1, trace], [2, parent])],
    [15, message([2, "OOMKilled"], [3, 2])],
  );
  const resource = message([1, attribute("service.name", [1, "view-gateway"])]);
  return new Uint8Array(message([1, message([1, resource], [2, message([2, whole])], [3, "schema"])]));
}

function receiver() {
  const passed: ZipkinSpan[] = [];
  const made = new TraceReceiver((spans) => {
    passed.push(...spans);
    return Promise.resolve();
  });
  const send = async (body: BodyInit, headers: Record<string, string>, path = "/v1/traces") => {
    const answer = await made.answer(new Request(`http://receiver${path}`, { method: "POST", body, headers }));
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  return { passed, send };
}

function zipped(text: string): Promise<ArrayBuffer> {
  return new Response(new Response(text).body!.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

Deno.test("spans are taken in JSON and in protobuf, and Zipkin gets the same of both", async () => {
  for (
    const [body, headers, answer] of [
      [JSON.stringify(REQUEST), JSON_TYPE, "{}"],
      [inProtobuf(), PROTOBUF_TYPE, ""],
    ] as const
  ) {
    const { passed, send } = receiver();
    const type = headers["content-type"];
    deepEqual(await send(body, { "content-type": `${type}; charset=utf-8` }), { status: 200, type, text: answer });
    deepEqual(passed, [SENT]);
  }
});

Deno.test("a body may be packed by gzip", async () => {
  const { passed, send } = receiver();
  const headers = { ...JSON_TYPE, "content-encoding": "gzip" };
  equal((await send(await zipped(JSON.stringify(REQUEST)), headers)).status, 200);
  deepEqual(passed, [SENT]);
});

Deno.test("a body that is too large is refused, also where it is so only after it is unpacked", async () => {
  const { passed, send } = receiver();
  const large = JSON.stringify({ ...REQUEST, padding: "x".repeat(4 * 1024 * 1024) });
  equal((await send(large, JSON_TYPE)).status, 413);
  const packed = await zipped(large);
  equal(packed.byteLength < 100_000, true);
  equal((await send(packed, { ...JSON_TYPE, "content-encoding": "gzip" })).status, 413);
  deepEqual(passed, []);
});

Deno.test("what is no request of OTLP's for traces is refused, and nothing of it is kept", async () => {
  const { passed, send } = receiver();
  equal((await send("{}", JSON_TYPE, "/v1/metrics")).status, 404);
  equal((await send("spans", { "content-type": "text/plain" })).status, 415);
  equal((await send("{}", { ...JSON_TYPE, "content-encoding": "br" })).status, 415);
  for (const body of ["", "{", "[]", "null", '"text"', '{"resourceSpans": [null]}', '{"resourceSpans": 1}', "\xff"]) {
    const { status, text } = await send(body, JSON_TYPE);
    equal(status, 400, body);
    match(text, /^The body has no traces: /);
  }
  equal((await send(new Uint8Array([10, 200]), PROTOBUF_TYPE)).status, 400);
  equal((await send("not gzip", { ...JSON_TYPE, "content-encoding": "gzip" })).status, 400);
  const [{ resource }] = REQUEST.resourceSpans as [typeof REQUEST.resourceSpans[0]];
  const broken = { resourceSpans: [{ resource, scopeSpans: [{ spans: [{ traceId: "1" }] }] }] };
  match((await send(JSON.stringify(broken), JSON_TYPE)).text, /not a number of nanoseconds/);
  deepEqual(passed, []);
});

Deno.test("only POST brings traces", async () => {
  const made = new TraceReceiver(() => Promise.resolve());
  const answer = await made.answer(new Request("http://receiver/v1/traces"));
  equal(answer.status, 405);
  equal(answer.headers.get("allow"), "POST");
});

Deno.test("while Zipkin takes no spans, their sender is told to come again", async () => {
  const made = new TraceReceiver(() => Promise.reject(new Error("connection refused")));
  const request = new Request("http://receiver/v1/traces", {
    method: "POST",
    body: JSON.stringify(REQUEST),
    headers: JSON_TYPE,
  });
  const answer = await made.answer(request);
  equal(answer.status, 503);
  match(await answer.text(), /cannot be kept: connection refused/);
});

Deno.test("a receiver that has too many requests at once refuses the next, and takes one again when one has ended", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const made = new TraceReceiver(() => held);
  const send = async () => {
    const body = JSON.stringify(REQUEST);
    const answer = await made.answer(
      new Request("http://receiver/v1/traces", { method: "POST", body, headers: JSON_TYPE }),
    );
    await answer.body?.cancel();
    return answer.status;
  };
  const first = Array.from({ length: 32 }, send);
  equal(await send(), 503);
  release();
  deepEqual(await Promise.all(first), Array(32).fill(200));
  equal(await send(), 200);
});

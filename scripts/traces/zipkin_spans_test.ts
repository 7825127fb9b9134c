import { deepEqual, throws } from "node:assert/strict";
import type { OtlpRequestSpan } from "./otlp_request.ts";
import { zipkinSpans } from "./zipkin_spans.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";
const PARENT = "eee19b7ec3c1b173";

const span: OtlpRequestSpan = {
  traceId: TRACE,
  spanId: SPAN,
  name: "hold",
  startTimeUnixNano: "1700000000123456789",
  endTimeUnixNano: "1700000001123456789",
};

const plain = { traceId: TRACE, id: SPAN, name: "hold", timestamp: 1_700_000_000_123_456, duration: 1_000_000 };

/** The one span that Zipkin gets for one of OTLP's. */
const translated = (members: Partial<OtlpRequestSpan>) =>
  zipkinSpans({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, ...members }] }] }] })[0]!;

Deno.test("a span keeps its identifiers, its name and its times, which Zipkin has in microseconds", () => {
  deepEqual(translated({}), { ...plain, tags: {} });
  deepEqual(translated({ parentSpanId: PARENT, spanId: SPAN.toUpperCase() }), { ...plain, parentId: PARENT, tags: {} });
  deepEqual(translated({ parentSpanId: "" }), { ...plain, tags: {} });
});

Deno.test("a span of no length has one microsecond, as Zipkin takes one without a duration for unfinished", () => {
  deepEqual(translated({ endTimeUnixNano: span.startTimeUnixNano }).duration, 1);
  deepEqual(translated({ endTimeUnixNano: 0 }).duration, 1);
});

Deno.test("Zipkin has a word for each kind of span except an internal one", () => {
  const kinds = [0, 1, 2, 3, 4, 5, 6].map((kind) => translated({ kind }).kind);
  deepEqual(kinds, [undefined, undefined, "SERVER", "CLIENT", "PRODUCER", "CONSUMER", undefined]);
});

Deno.test("all spans of a resource are its service's, and have its attributes and those of their scope", () => {
  const attributes = [
    { key: "service.name", value: { stringValue: "view-gateway" } },
    { key: "k8s.pod.name", value: { stringValue: "view-gateway-1" } },
  ];
  const scope = { name: "gate", version: "2" };
  const spans = zipkinSpans({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope, spans: [span, span] }] }],
  });
  const tags = { "k8s.pod.name": "view-gateway-1", "otel.scope.name": "gate", "otel.scope.version": "2" };
  deepEqual(spans, Array(2).fill({ ...plain, localEndpoint: { serviceName: "view-gateway" }, tags }));
});

Deno.test("an attribute of any type becomes the text of a tag", () => {
  const attributes = [
    { key: "text", value: { stringValue: "sales" } },
    { key: "empty", value: { stringValue: "" } },
    { key: "none" },
    { key: "yes", value: { boolValue: true } },
    { key: "whole", value: { intValue: "42" } },
    { key: "part", value: { doubleValue: 0.5 } },
    { key: "list", value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: "a" }] } } },
    { key: "members", value: { kvlistValue: { values: [{ key: "a", value: { boolValue: false } }] } } },
  ];
  deepEqual(translated({ attributes }).tags, {
    ...{ text: "sales", empty: "", none: "", yes: "true", whole: "42", part: "0.5" },
    ...{ list: '[1,"a"]', members: '{"a":false}' },
  });
});

Deno.test("a failed span has the tag by which Zipkin shows it in red, with or without a cause", () => {
  deepEqual(translated({ status: { code: 2, message: "ErrImagePull" } }).tags, {
    "otel.status_code": "ERROR",
    error: "ErrImagePull",
  });
  deepEqual(translated({ status: { code: 2 } }).tags, { "otel.status_code": "ERROR", error: "true" });
  deepEqual(translated({ status: { code: 1 } }).tags, { "otel.status_code": "OK" });
  deepEqual(translated({ status: {} }).tags, {});
});

Deno.test("an event is an annotation, with its attributes as JSON", () => {
  const timeUnixNano = "1700000000500000000";
  const attributes = [{ key: "reason", value: { stringValue: "Unschedulable" } }];
  const { annotations } = translated({
    events: [{ timeUnixNano, name: "held" }, { timeUnixNano, name: "x", attributes }],
  });
  const timestamp = 1_700_000_000_500_000;
  deepEqual(annotations, [{ timestamp, value: "held" }, { timestamp, value: '"x": {"reason":"Unschedulable"}' }]);
});

Deno.test("a link to another trace is a tag", () => {
  deepEqual(translated({ links: [{ traceId: TRACE, spanId: PARENT }] }).tags, { "link.0": `${TRACE}/${PARENT}` });
});

Deno.test("a span that is not valid is an error, and nothing of its request is kept", () => {
  throws(() => translated({ traceId: "abc" }), /32 hexadecimal/);
  throws(() => translated({ spanId: "g".repeat(16) }), /16 hexadecimal/);
  throws(() => translated({ traceId: undefined! }), /32 hexadecimal/);
  throws(() => translated({ startTimeUnixNano: "soon" }), /nanoseconds/);
  throws(() => translated({ endTimeUnixNano: undefined! }), /nanoseconds/);
});

Deno.test("a request without spans has none", () => {
  deepEqual(zipkinSpans({}), []);
  deepEqual(zipkinSpans({ resourceSpans: [{}, { scopeSpans: [{}] }] }), []);
});

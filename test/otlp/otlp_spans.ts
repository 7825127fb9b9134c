/** Reads what OTLP/HTTP exporters send: Envoy sends protobuf, and the sidecar JSON. */
import protobuf from "protobufjs";

/** A span of a trace. IDs are in hexadecimal, times in nanoseconds since the epoch. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** As OTLP numbers them: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Set where the span has failed; the text says why. */
  readonly error: string | undefined;
  /** Attributes of what has sent the span. */
  readonly resource: Attributes;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The part of https://github.com/open-telemetry/opentelemetry-proto that spans need. */
const { root } = protobuf.parse(`
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  bytes parent_span_id = 4;
  string name = 5;
  int32 kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  repeated Link links = 13;
  Status status = 15;
}
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; Value value = 2; }
message Value {
  oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
}
`);
const Request = root.lookupType("Request");

/** The spans of one request to a collector. */
export function otlpSpans(body: Uint8Array, contentType: string): readonly OtlpSpan[] {
  const { resourceSpans = [] }: RequestJson = contentType.startsWith("application/json")
    ? JSON.parse(new TextDecoder().decode(body))
    : Request.toObject(Request.decode(body), { longs: String, bytes: Array });
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => spanOf(span, attributesOf(resource?.attributes))))
  );
}

function spanOf({ name = "", kind = 0, links = [], status, ...span }: SpanJson, resource: Attributes): OtlpSpan {
  return {
    ...idsOf(span),
    parentSpanId: hexOf(span.parentSpanId),
    name,
    kind,
    start: BigInt(span.startTimeUnixNano ?? 0),
    end: BigInt(span.endTimeUnixNano ?? 0),
    attributes: attributesOf(span.attributes),
    links: links.map(idsOf),
    error: status?.code === 2 ? status.message ?? "" : undefined,
    resource,
  };
}

function idsOf({ traceId, spanId }: Ids) {
  return { traceId: hexOf(traceId), spanId: hexOf(spanId) };
}

/** JSON has them in hexadecimal already. */
function hexOf(id: Id = ""): string {
  return typeof id === "string" ? id : id.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function attributesOf(attributes: readonly KeyValueJson[] = []): Attributes {
  return Object.fromEntries(attributes.map(({ key, value = {} }) => {
    const { intValue, stringValue, boolValue, doubleValue } = value;
    return [key, intValue === undefined ? stringValue ?? boolValue ?? doubleValue ?? "" : Number(intValue)];
  }));
}

type Id = string | readonly number[];

interface Ids {
  readonly traceId?: Id;
  readonly spanId?: Id;
}

interface KeyValueJson {
  readonly key: string;
  readonly value?: {
    readonly stringValue?: string;
    readonly boolValue?: boolean;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
  };
}

interface SpanJson extends Ids {
  readonly parentSpanId?: Id;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly KeyValueJson[];
  readonly links?: readonly Ids[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface RequestJson {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValueJson[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly SpanJson[] }[];
  }[];
}

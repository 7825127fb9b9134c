import { Buffer } from "node:buffer";
import protobuf from "protobufjs";

/**
 * A request of OTLP's for the export of traces, as OTLP encodes it in JSON: identifiers in hexadecimal, numbers of 64 bits
 * as text. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export interface OtlpRequest {
  readonly resourceSpans?: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans?: readonly OtlpScopeSpans[];
}

export interface OtlpScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly spans?: readonly OtlpRequestSpan[];
}

export interface OtlpRequestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  /** https://opentelemetry.io/docs/specs/otel/trace/api/#spankind, from 1 for `INTERNAL`. */
  readonly kind?: number;
  readonly startTimeUnixNano: OtlpLong;
  readonly endTimeUnixNano: OtlpLong;
  readonly attributes?: readonly OtlpAttribute[];
  readonly events?: readonly OtlpEvent[];
  readonly links?: readonly OtlpLink[];
  /** The code is 1 for `OK`, 2 for `ERROR`. */
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface OtlpEvent {
  readonly timeUnixNano: OtlpLong;
  readonly name?: string;
  readonly attributes?: readonly OtlpAttribute[];
}

export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value?: OtlpValue;
}

export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: OtlpLong;
  readonly doubleValue?: number | string;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
}

type OtlpLong = string | number;

/** What of https://github.com/open-telemetry/opentelemetry-proto a span is made of. The decoder skips all other fields. */
const MESSAGES = protobuf.parse(`syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated Attribute attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4;
  string name = 5; uint32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated Attribute attributes = 9; repeated Event events = 11; repeated Link links = 13; Status status = 15;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated Attribute attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; uint32 code = 3; }
message Attribute { string key = 1; Value value = 2; }
message Value {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    Values array_value = 5; Attributes kvlist_value = 6; bytes bytes_value = 7;
  }
}
message Values { repeated Value values = 1; }
message Attributes { repeated Attribute values = 1; }
`).root.resolveAll() as protobuf.Root;

const REQUEST = MESSAGES.lookupType("Request");

/** Members whose bytes OTLP writes in hexadecimal. Names of attributes are never members. */
const IDENTIFIERS: readonly string[] = ["traceId", "spanId", "parentSpanId"];

/**
 * Reads a request in protobuf's encoding.
 * @throws Error where it is none
 */
export function otlpFromProtobuf(bytes: Uint8Array): OtlpRequest {
  const request = REQUEST.toObject(REQUEST.decode(bytes), { longs: String, bytes: String, json: true });
  return JSON.parse(
    JSON.stringify(request),
    (name, value) => IDENTIFIERS.includes(name) ? Buffer.from(value, "base64").toString("hex") : value,
  );
}

/**
 * Reads a request in JSON. Only its outermost member is checked.
 * @throws Error where it is none
 */
export function otlpFromJson(bytes: Uint8Array): OtlpRequest {
  const request = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const isObject = typeof request === "object" && request !== null && !Array.isArray(request);
  if (!isObject || !Array.isArray(request.resourceSpans ?? [])) {
    throw new TypeError("It is no object with a list of resourceSpans.");
  }
  return request;
}

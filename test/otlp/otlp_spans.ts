/** Reads what OTLP/HTTP exporters send: Envoy sends protobuf, and the sidecar JSON. */
import {
  type OtlpAttribute,
  otlpFromJson,
  otlpFromProtobuf,
  type OtlpRequestSpan,
} from "../../scripts/traces/otlp_request.ts";

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

/** OTLP's number of a status. */
const ERROR = 2;

/** The spans of one request to a collector. */
export function otlpSpans(body: Uint8Array, contentType: string): readonly OtlpSpan[] {
  const read = contentType.startsWith("application/json") ? otlpFromJson : otlpFromProtobuf;
  return (read(body).resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) => {
    const attributes = attributesOf(resource?.attributes);
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => spanOf(span, attributes)));
  });
}

function spanOf(
  { traceId, spanId, parentSpanId = "", name = "", kind = 0, links = [], status, ...span }: OtlpRequestSpan,
  resource: Attributes,
): OtlpSpan {
  return {
    ...{ traceId, spanId, parentSpanId, name, kind, resource },
    start: BigInt(span.startTimeUnixNano ?? 0),
    end: BigInt(span.endTimeUnixNano ?? 0),
    attributes: attributesOf(span.attributes),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    error: status?.code === ERROR ? status.message ?? "" : undefined,
  };
}

function attributesOf(attributes: readonly OtlpAttribute[] = []): Attributes {
  return Object.fromEntries(attributes.map(({ key, value = {} }) => {
    const { intValue, stringValue, boolValue, doubleValue } = value;
    return [key, intValue === undefined ? stringValue ?? boolValue ?? doubleValue ?? "" : Number(intValue)];
  }));
}

import type { OtlpAttribute, OtlpRequest, OtlpRequestSpan, OtlpValue } from "./otlp_request.ts";

/** A span as Zipkin takes it: https://zipkin.io/zipkin-api/#/default/post_spans */
export interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly kind?: "CLIENT" | "SERVER" | "PRODUCER" | "CONSUMER";
  /** Microseconds since the epoch. */
  readonly timestamp: number;
  /** Microseconds, at least one. */
  readonly duration: number;
  readonly localEndpoint?: { readonly serviceName: string };
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

/** By OTLP's number. Zipkin has no word for an internal span. */
const KINDS = [undefined, undefined, "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] as const;

const ERROR = 2;
const STATUS = [undefined, "OK", "ERROR"];

/**
 * The spans of a request, as https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/ maps them. Zipkin has no
 * links between traces, so each is a tag `link.N` with the trace's and the span's identifier.
 * @throws TypeError where a span is not valid
 */
export function zipkinSpans({ resourceSpans = [] }: OtlpRequest): readonly ZipkinSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const { "service.name": serviceName, ...common } = tagsOf(resource?.attributes);
    return scopeSpans.flatMap(({ scope, spans = [] }) => {
      const tags = {
        ...common,
        ...scope?.name && { "otel.scope.name": scope.name },
        ...scope?.version && { "otel.scope.version": scope.version },
      };
      return spans.map((span) => zipkinSpan(span, tags, serviceName));
    });
  });
}

function zipkinSpan(span: OtlpRequestSpan, common: Readonly<Record<string, string>>, serviceName?: string): ZipkinSpan {
  const { events = [], links = [], status, name, parentSpanId, kind = 0 } = span;
  const timestamp = microseconds(span.startTimeUnixNano);
  const zipkinKind = KINDS[kind];
  const code = STATUS[status?.code ?? 0];
  const tags = {
    ...common,
    ...tagsOf(span.attributes),
    ...Object.fromEntries(links.map(({ traceId, spanId }, index) => [`link.${index}`, `${traceId}/${spanId}`])),
    ...code !== undefined && { "otel.status_code": code },
    ...status?.code === ERROR && { error: status.message || "true" },
  };
  return {
    traceId: identifier(span.traceId, 32),
    id: identifier(span.spanId, 16),
    ...parentSpanId && { parentId: identifier(parentSpanId, 16) },
    ...name && { name },
    ...zipkinKind !== undefined && { kind: zipkinKind },
    timestamp,
    // A span of no length would be an unfinished one.
    duration: Math.max(1, microseconds(span.endTimeUnixNano) - timestamp),
    ...serviceName !== undefined && { localEndpoint: { serviceName } },
    ...events.length > 0 && {
      annotations: events.map(({ timeUnixNano, name = "", attributes = [] }) => ({
        timestamp: microseconds(timeUnixNano),
        value: attributes.length === 0 ? name : `"${name}": ${JSON.stringify(objectOf(attributes))}`,
      })),
    },
    tags,
  };
}

function identifier(text: unknown, length: number): string {
  if (typeof text !== "string" || text.length !== length || !/^[0-9a-f]+$/i.test(text)) {
    throw new TypeError(`An identifier does not have ${length} hexadecimal digits.`);
  }
  return text.toLowerCase();
}

function microseconds(nanoseconds: string | number): number {
  try {
    return Number(BigInt(nanoseconds) / 1000n);
  } catch {
    throw new TypeError("A time is not a number of nanoseconds.");
  }
}

function tagsOf(attributes: readonly OtlpAttribute[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(attributes.map(({ key, value }) => {
    const plain = plainValue(value);
    return [key, typeof plain === "string" ? plain : JSON.stringify(plain)];
  }));
}

function objectOf(attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

/** A value without its type. */
function plainValue(value: OtlpValue = {}): unknown {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainValue);
  if (value.kvlistValue !== undefined) return objectOf(value.kvlistValue.values ?? []);
  // Numbers of 64 bits are text in JSON.
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? "";
}

import type { Tracer } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOffSampler, ParentBasedSampler, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { tracedResource } from "../envoy/traces.ts";

/** Attributes, and links to others, of one span. */
const MOST = 32;

/** A tracer for spans of traces that Envoy has begun. It begins none. */
export function tracerOf(instance: string, processor: SpanProcessor): Tracer {
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    resource: resourceFromAttributes({ "service.name": "view-gateway-sidecar", ...tracedResource(instance) }),
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: 256, attributeCountLimit: MOST, linkCountLimit: MOST },
  });
  return provider.getTracer("view-gateway");
}

import { envoy, type google } from "../gen/envoy.js";

/** Resources that come over the one ADS stream. */
export function ads(initialFetchTimeout?: google.protobuf.IDuration): envoy.config.core.v3.IConfigSource {
  return {
    ads: {},
    resourceApiVersion: envoy.config.core.v3.ApiVersion.V3,
    ...initialFetchTimeout && { initialFetchTimeout },
  };
}

const UNLIMITED = { value: 1_000_000 };

/**
 * Held requests are limited where they are held, per view and in all: a circuit breaker may limit nothing. Envoy's
 * defaults are 1,024 and 3 retries: a crashed sidecar would lose most of the requests that it holds.
 */
export const NO_LIMITS: envoy.config.cluster.v3.ICircuitBreakers = {
  thresholds: [{
    maxConnections: UNLIMITED,
    maxPendingRequests: UNLIMITED,
    maxRequests: UNLIMITED,
    maxRetries: UNLIMITED,
  }],
};

export type StructValue = string | number | boolean | { readonly [member: string]: StructValue };

/** https://protobuf.dev/reference/protobuf/google.protobuf/#struct */
export function struct(members: { readonly [member: string]: StructValue }): google.protobuf.IStruct {
  return { fields: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, value(member)])) };
}

function value(json: StructValue): google.protobuf.IValue {
  switch (typeof json) {
    case "string":
      return { stringValue: json };
    case "number":
      return { numberValue: json };
    case "boolean":
      return { boolValue: json };
    default:
      return { structValue: struct(json) };
  }
}

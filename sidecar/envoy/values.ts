import { envoy, type google } from "../gen/envoy.js";

/** The source of resources that come over the ADS stream. */
export function ads(initialFetchTimeout?: google.protobuf.IDuration): envoy.config.core.v3.IConfigSource {
  return {
    ads: {},
    resourceApiVersion: envoy.config.core.v3.ApiVersion.V3,
    ...initialFetchTimeout && { initialFetchTimeout },
  };
}

const UNLIMITED = { value: 1_000_000 };

/**
 * The gate limits held requests per view and in all, so a circuit breaker must not. With Envoy's defaults, 1,024 requests
 * and 3 retries, a sidecar's crash would lose most of the held requests.
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

import { envoy } from "../gen/envoy.js";
import type { Response } from "./response.ts";
import type { Request } from "./subscription.ts";

const { DeltaDiscoveryRequest, DeltaDiscoveryResponse } = envoy.service.discovery.v3;

export type DeltaRequest = envoy.service.discovery.v3.DeltaDiscoveryRequest;
export type DeltaResponse = envoy.service.discovery.v3.IDeltaDiscoveryResponse;

/** https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/service/discovery/v3/ads.proto */
export const DELTA_ADS = {
  path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
  request: DeltaDiscoveryRequest,
  response: DeltaDiscoveryResponse,
} as const;

export function requestOf(message: DeltaRequest): Request {
  return {
    subscribe: message.resourceNamesSubscribe,
    unsubscribe: message.resourceNamesUnsubscribe,
    initialVersions: message.initialResourceVersions,
    nonce: message.responseNonce,
    error: message.errorDetail === null ? undefined : message.errorDetail.message || "(no message)",
  };
}

export function messageOf(type: string, { nonce, set, removed }: Response): DeltaResponse {
  return {
    typeUrl: type,
    nonce,
    resources: set.map(({ name, version, body }) => ({ name, version, resource: { typeUrl: type, value: body } })),
    removedResources: removed,
  };
}

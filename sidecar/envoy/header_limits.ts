import { envoy, type google } from "../gen/envoy.js";
import { packAny } from "../proto/any.ts";

const { HttpProtocolOptions } = envoy.extensions.upstreams.http.v3;

interface Limits {
  readonly fields: number;
  readonly kib: number;
}

/** Limits of a request's header: Envoy's own. */
export const REQUEST_LIMITS: Limits = { fields: 100, kib: 60 };

/** Limits of the header of a view's answer. Browsers accept 256 KiB; Envoy's own limits are 100 fields and 80 KiB. */
export const ANSWER_LIMITS: Limits = { fields: 1000, kib: 256 };

/** The same for an answer through the gate, which adds fields: see also gate_listener in gateway/base/envoy.yaml. */
export const GATE_ANSWER_LIMITS: Limits = { fields: 1020, kib: 260 };

/** For clusters that speak HTTP/1.1 and whose answers have these limits. */
export function answersWithin(
  { fields, kib }: Limits,
  more: envoy.config.core.v3.IHttpProtocolOptions = {},
): { readonly typedExtensionProtocolOptions: Readonly<Record<string, google.protobuf.IAny>> } {
  return {
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packAny(HttpProtocolOptions, {
        explicitHttpConfig: { httpProtocolOptions: {} },
        commonHttpProtocolOptions: {
          ...more,
          maxHeadersCount: { value: fields },
          maxResponseHeadersKb: { value: kib },
        },
      }),
    },
  };
}

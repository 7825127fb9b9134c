import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";

const { HeaderMutation } = envoy.extensions.http.early_header_mutation.header_mutation.v3;

/**
 * What proxies say of the client that they speak for, beside all that begins with `x-forwarded`. Web frameworks believe it.
 */
const SAID_BY_PROXIES = [
  "forwarded",
  "forwarded-for",
  "client-ip",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-real-ip",
  "x-original-forwarded-for",
  "x-originating-ip",
  "x-remote-addr",
  "x-remote-ip",
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "fastly-client-ip",
  "fly-client-ip",
  "x-azure-clientip",
  "proxy-client-ip",
  "wl-proxy-client-ip",
  "x-host",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
  "x-proto",
  "x-scheme",
  "x-url-scheme",
  "x-original-proto",
  "front-end-https",
];

/**
 * A client that no trusted proxy speaks for may not speak as one: what it says is removed before Envoy adds what is true.
 * Envoy does it by itself with x-forwarded-proto alone, and appends to x-forwarded-for.
 */
export function withoutForwarded(
  xffNumTrustedHops: number,
): Pick<
  envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager,
  "earlyHeaderMutationExtensions"
> {
  if (xffNumTrustedHops > 0) return {};
  const mutations = [
    { removeOnMatch: { keyMatcher: { prefix: "x-forwarded" } } },
    ...SAID_BY_PROXIES.map((remove) => ({ remove })),
  ];
  return {
    earlyHeaderMutationExtensions: [
      extension("envoy.http.early_header_mutation.header_mutation", HeaderMutation, { mutations }),
    ],
  };
}

/**
 * The sidecar speaks to the issuer of sign-ins through Envoy: its permissions are fixed when its image is built, and an
 * issuer's host is not. TLS, certificates and time-outs are Envoy's. Only the sidecar's own pod has the socket.
 */
import { envoy } from "../gen/envoy.js";
import { packAny } from "../proto/any.ts";
import { cluster, type Resource, routes } from "../proto/resource.ts";
import { externalServer } from "./external_server.ts";
import { ISSUER, ISSUER_FAILURE_HEADER, ISSUER_ORIGIN_HEADER } from "./names.ts";
import type { EnvoySettings, IssuerUpstream } from "./settings.ts";
import { sidecarListener } from "./sidecar_listener.ts";
import { socketsIn } from "./sockets.ts";
import { ads } from "./values.ts";

const { HttpProtocolOptions } = envoy.extensions.upstreams.http.v3;
const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
const { GE } = envoy.config.accesslog.v3.ComparisonFilter.Op;

/** A person waits for the answer. */
const TIMEOUT = { seconds: 5 };

export function issuerListener({ socketDirectory }: Pick<EnvoySettings, "socketDirectory">): Resource {
  return sidecarListener(ISSUER, socketsIn(socketDirectory).issuer, {
    rds: { configSource: ads(), routeConfigName: ISSUER },
    localReplyConfig: LOCAL_REPLIES,
  });
}

/** An answer of Envoy's own says why it has not reached the issuer: see oidc/issuer_error.ts. */
const LOCAL_REPLIES = {
  mappers: [{
    filter: {
      statusCodeFilter: {
        comparison: { op: GE, value: { defaultValue: 100, runtimeKey: "view_gateway.issuer.local_reply" } },
      },
    },
    headersToAdd: [{
      header: {
        key: ISSUER_FAILURE_HEADER,
        value: "%RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %UPSTREAM_TRANSPORT_FAILURE_REASON%",
      },
      appendAction: OVERWRITE_IF_EXISTS_OR_ADD,
    }],
  }],
};

/**
 * The way to each origin that the issuer may be asked at: a cluster, and a route by the origin that a request names.
 * @param origins the issuer's own, and those of its endpoints
 */
export function issuerResources(issuer: IssuerUpstream, origins: readonly string[]): readonly Resource[] {
  return [
    ...origins.map((origin) => issuerCluster(issuer, origin)),
    routes({
      name: ISSUER,
      requestHeadersToRemove: [ISSUER_ORIGIN_HEADER, "x-forwarded-for", "x-forwarded-proto"],
      responseHeadersToRemove: [ISSUER_FAILURE_HEADER],
      virtualHosts: [{ name: ISSUER, domains: ["*"], routes: origins.map(route) }],
    }),
  ];
}

function route(origin: string): envoy.config.route.v3.IRoute {
  return {
    match: { prefix: "/", headers: [{ name: ISSUER_ORIGIN_HEADER, stringMatch: { exact: origin } }] },
    route: {
      cluster: clusterOf(origin),
      hostRewriteLiteral: new URL(origin).host,
      timeout: TIMEOUT,
      // A code can be used once, so nothing is sent twice that the issuer may have read.
      retryPolicy: { retryOn: "connect-failure,refused-stream", numRetries: { value: 1 } },
    },
  };
}

function issuerCluster({ url, address, caFile }: IssuerUpstream, origin: string): Resource {
  const own = new URL(url).origin === origin;
  return cluster({
    ...externalServer(clusterOf(origin), { url: origin, address: own ? address : undefined, caFile }),
    connectTimeout: { seconds: 3 },
    // Envoy's start does not wait for the issuer's name.
    waitForWarmOnInit: { value: false },
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packAny(HttpProtocolOptions, {
        explicitHttpConfig: { httpProtocolOptions: {} },
        commonHttpProtocolOptions: { idleTimeout: { seconds: 4 } },
      }),
    },
  });
}

function clusterOf(origin: string): string {
  return `${ISSUER}_${origin.replaceAll(/[^A-Za-z0-9.-]+/g, "_")}`;
}

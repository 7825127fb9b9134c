import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";

const { Cluster } = envoy.config.cluster.v3;
const { SanType } = envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
const { UpstreamTlsContext } = envoy.extensions.transport_sockets.tls.v3;

/** A server outside the gateway. */
export interface ExternalServer {
  /** Its scheme, host and port count. */
  readonly url: string;
  /** `HOST:PORT` to connect to; default: those of the URL. */
  readonly address?: string | undefined;
  /** Certificates that verify the server's, where the URL is https. The server's must be for the URL's host. */
  readonly caFile: string;
}

/** The part of a cluster that finds the server and checks its certificate. Envoy looks a name up continually. */
export function externalServer(
  name: string,
  { url, address, caFile }: ExternalServer,
): envoy.config.cluster.v3.ICluster & { readonly name: string } {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "https:";
  const at = new URL(address === undefined ? url : `http://${address}`);
  const host = bare(at.hostname);
  // The URL parser drops the port that is the scheme's own.
  const portValue = Number(address === undefined ? port : at.port || 80) || (secure ? 443 : 80);
  return {
    name,
    type: isAddress(host) ? Cluster.DiscoveryType.STATIC : Cluster.DiscoveryType.LOGICAL_DNS,
    // By default Envoy looks for IPv6 first, and waits long for a DNS server that does not answer, though the hosts file has
    // the name's IPv4.
    dnsLookupFamily: Cluster.DnsLookupFamily.V4_PREFERRED,
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: host, portValue } } } }] }],
    },
    ...secure && { transportSocket: tls(bare(hostname), caFile) },
  };
}

function tls(host: string, caFile: string) {
  return extension("envoy.transport_sockets.tls", UpstreamTlsContext, {
    ...!isAddress(host) && { sni: host },
    commonTlsContext: {
      validationContext: {
        trustedCa: { filename: caFile },
        matchTypedSubjectAltNames: [{
          sanType: isAddress(host) ? SanType.IP_ADDRESS : SanType.DNS,
          matcher: { exact: host },
        }],
      },
    },
  });
}

/** Without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^[0-9.]+$/.test(host);
}

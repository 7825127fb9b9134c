import { isIP } from "node:net";
import type { Config } from "@view-gateway/types";
import { maxCost } from "../envoy/held_bodies.ts";
import { patternProblem } from "../envoy/pattern.ts";
import { contactProblem } from "../page/contact.ts";
import { isLocalhost } from "../view/localhost.ts";
import { requiredLabels } from "../view/selector.ts";

/**
 * Values that the schema allows and the gateway cannot use, by themselves or together. A check is skipped when a variable
 * that it needs is missing: then that variable is wrong already.
 */
export function contradictions(known: Partial<Config>): readonly string[] {
  return [...unusable(known), ...beside(known)];
}

function unusable(known: Partial<Config>): readonly string[] {
  const { contact, listenAddress, viewSelector } = known;
  const wrongContact = isSet(contact) ? contactProblem(contact) : undefined;
  return [
    ...isSet(viewSelector) && requiredLabels(viewSelector) === undefined
      ? [`VIEW_SELECTOR must be a list of keys and key=value pairs, but is "${viewSelector}"`]
      : [],
    ...wrongContact === undefined ? [] : [`CONTACT ${wrongContact}, but is "${contact}"`],
    ...Object.entries({
      PROBE_USER_AGENT: known.probeUserAgent,
      PROBE_METHOD: known.probeMethod,
      PROBE_PATH: known.probePath,
    }).flatMap(([name, pattern]) => {
      const problem = isSet(pattern) ? patternProblem(pattern) : undefined;
      return problem === undefined
        ? []
        : [`${name} must be a regular expression (RE2), but is "${pattern}": ${problem}`];
    }),
    ...Object.entries({
      AWS_ENDPOINT_URL_S3: known.s3Endpoint,
      AWS_ENDPOINT_URL_STS: known.stsEndpoint,
      TRACES_ENDPOINT: known.tracesEndpoint,
    })
      .flatMap(([name, url]) => isSet(url) && !URL.canParse(url) ? [`${name} must be a URL, but is "${url}"`] : []),
    ...isSet(listenAddress) && isIP(listenAddress) === 0
      ? [`LISTEN_ADDRESS must be an IP address, but is "${listenAddress}"`]
      : [],
    ...Object.entries({ PROBE_ADDRESS: known.probeAddress, ENVOY_ADMIN_ADDRESS: known.envoyAdminAddress })
      .flatMap(([name, address]) =>
        isSet(address) && placeOf(address) === undefined
          ? [`${name} must be an IP address and a port from 0 to 65535, but is "${address}"`]
          : []
      ),
  ];
}

function beside(known: Partial<Config>): readonly string[] {
  const { idleSeconds, minIdleSeconds, maxIdleSeconds, maxLifetimeSeconds, loadReportSeconds } = known;
  const { requestBodyBufferLimitBytes, podName, podNamespace } = known;
  const { authentication, letEverybodyIn, baseHost } = known;
  return [
    ...authentication === "none" && letEverybodyIn === false && isSet(baseHost) && !isLocalhost(baseHost)
      ? [
        `AUTHENTICATION must be "kubernetes" or "oidc" where BASE_HOST (${baseHost}) is not localhost, but is "none": then everybody who reaches the gateway may do everything. If you want that, set LET_EVERYBODY_IN to "true"`,
      ]
      : [],
    // The watch of a pod in a wrong namespace finds nothing, and the gateway would never drain.
    ...podName && podNamespace === "" ? ["POD_NAMESPACE is missing, but there is POD_NAME"] : [],
    ...isSet(idleSeconds) && isSet(minIdleSeconds) && isSet(maxIdleSeconds) &&
        !(minIdleSeconds <= idleSeconds && idleSeconds <= maxIdleSeconds)
      ? [
        `IDLE_SECONDS must be from MIN_IDLE_SECONDS (${minIdleSeconds}) to MAX_IDLE_SECONDS (${maxIdleSeconds}), but is "${idleSeconds}"`,
      ]
      : [],
    ...isSet(maxLifetimeSeconds) && isSet(minIdleSeconds) && maxLifetimeSeconds < minIdleSeconds
      ? [`MAX_LIFETIME_SECONDS must be MIN_IDLE_SECONDS (${minIdleSeconds}) or more, but is "${maxLifetimeSeconds}"`]
      : [],
    ...isSet(loadReportSeconds) && isSet(minIdleSeconds) && loadReportSeconds * 2 > minIdleSeconds
      ? [
        `LOAD_REPORT_SECONDS must be half of MIN_IDLE_SECONDS (${minIdleSeconds}) or less, but is "${loadReportSeconds}"`,
      ]
      : [],
    // Each key of the templates' ConfigMap is a template.
    ...isSet(known.grantsConfigMap) && known.grantsConfigMap === known.templatesConfigMap
      ? [`GRANTS_CONFIG_MAP must be another ConfigMap than TEMPLATES_CONFIG_MAP, but is "${known.grantsConfigMap}"`]
      : [],
    ...isSet(requestBodyBufferLimitBytes)
      ? Object.entries({ HELD_BYTES_PER_VIEW: known.heldBytesPerView, HELD_BYTES_IN_ALL: known.heldBytesInAll })
        .flatMap(([name, bytes]) => {
          const least = maxCost(requestBodyBufferLimitBytes);
          return !isSet(bytes) || bytes >= least ? [] : [
            `${name} must be ${least} or more for REQUEST_BODY_BUFFER_LIMIT_BYTES (${requestBodyBufferLimitBytes}), but is "${bytes}"`,
          ];
        })
      : [],
    ...portsTwice(known),
  ];
}

function portsTwice({ listenPort, tlsDirectory, tlsListenPort, ...known }: Partial<Config>): readonly string[] {
  const secure = tlsDirectory ? { TLS_LISTEN_PORT: tlsListenPort } : {};
  const taken = { PROBE_ADDRESS: known.probeAddress, ENVOY_ADMIN_ADDRESS: known.envoyAdminAddress };
  return [
    ...Object.entries({ LISTEN_PORT: listenPort, ...secure }).flatMap(([variable, port]) =>
      Object.entries(taken).flatMap(([name, address]) =>
        isSet(port) && isSet(address) && placeOf(address)?.port === port
          ? [`${variable} must be another port than that of ${name} (${address}), but is "${port}"`]
          : []
      )
    ),
    ...tlsDirectory && isSet(tlsListenPort) && tlsListenPort === listenPort
      ? [`TLS_LISTEN_PORT must be another port than LISTEN_PORT (${listenPort}), but is "${tlsListenPort}"`]
      : [],
  ];
}

/** `HOST:PORT`, an IPv6 host in brackets; undefined when nothing can listen there. */
function placeOf(address: string): { readonly port: number } | undefined {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  return isIP(address.slice(0, colon).replace(/^\[|\]$/g, "")) === 0 || port > 65_535 ? undefined : { port };
}

function isSet<T>(value: T | undefined): value is T {
  return value !== undefined;
}

import { envoy } from "../gen/envoy.js";
import { isLocalhost } from "../view/localhost.ts";
import type { TlsSettings } from "./settings.ts";

const { ADD_IF_ABSENT, OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;

/** Seconds for which a browser remembers that there is HTTP/3. */
const HTTP3_SECONDS = 86_400;

/** Headers of requests and answers on listeners with TLS. */
export function httpsHeaders(
  { publicPort, hstsSeconds, http3 }: TlsSettings,
  baseHost: string,
): Pick<envoy.config.route.v3.IRouteConfiguration, "requestHeadersToAdd" | "responseHeadersToAdd"> {
  // A view's answer cannot overrule these.
  const answer = {
    // https://www.rfc-editor.org/rfc/rfc7838#section-3
    "alt-svc": http3 ? `h3=":${publicPort}"; ma=${HTTP3_SECONDS}` : "clear",
    // For localhost, a browser would apply it to all that somebody develops on this machine, whatever the port.
    ...!isLocalhost(baseHost) && { "strict-transport-security": `max-age=${hstsSeconds}` },
  };
  return {
    // Envoy's listener has another port than its clients use. A trusted proxy may have said it already.
    requestHeadersToAdd: [{
      header: { key: "x-forwarded-port", value: String(publicPort) },
      appendAction: ADD_IF_ABSENT,
    }],
    responseHeadersToAdd: Object.entries(answer).map(([key, value]) => ({
      header: { key, value },
      appendAction: OVERWRITE_IF_EXISTS_OR_ADD,
    })),
  };
}

import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { struct } from "./values.ts";

const { StdoutAccessLog } = envoy.extensions.access_loggers.stream.v3;

/** Writes one line of JSON to standard output at the end of each request. Durations are in milliseconds. */
export function accessLog(): envoy.config.accesslog.v3.IAccessLog {
  return extension("envoy.access_loggers.stdout", StdoutAccessLog, {
    logFormat: { jsonFormat: struct(FIELDS) },
  });
}

const FIELDS = {
  time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  host: "%REQ(:AUTHORITY)%",
  // Without the query, which may have a ticket, a code of an issuer, or whatever a view keeps in it.
  path: "%PATH(NQ)%",
  protocol: "%PROTOCOL%",
  status: "%RESPONSE_CODE%",
  flags: "%RESPONSE_FLAGS%",
  details: "%RESPONSE_CODE_DETAILS%",
  duration: "%DURATION%",
  first_byte: "%RESPONSE_DURATION%",
  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  cluster: "%UPSTREAM_CLUSTER_RAW%",
  upstream: "%UPSTREAM_HOST%",
  client: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  request_id: "%REQ(X-REQUEST-ID)%",
  user_agent: "%REQ(USER-AGENT)%",
};

import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../problem.ts";
import { ANSWER_LIMITS } from "./clusters.ts";
import { LAKE_METADATA, UNAVAILABLE_HEADER } from "./names.ts";
import { S3_ERROR_CONTENT_TYPE } from "./s3_error.ts";
import type { EnvoySettings } from "./settings.ts";
import { struct } from "./values.ts";

type LocalReplyConfig = envoy.extensions.filters.network.http_connection_manager.v3.ILocalReplyConfig;
type ResponseMapper = envoy.extensions.filters.network.http_connection_manager.v3.IResponseMapper;
type Filter = envoy.config.accesslog.v3.IAccessLogFilter;

/**
 * What ext_authz answers with when the sidecar does not answer: over HTTP Envoy 1.37.0 has no other status for it, whatever
 * is configured. Nothing else at the gate is a denial of ext_authz's: see authorization.ts.
 */
export const AUTHORIZATION_ERROR_STATUS = 403;

/** What ext_proc answers with when the sidecar does not answer: a status that nothing else here has. */
export const LAKE_ERROR_STATUS = 511;

/** A problem as RFC 9457 has it; its status is the answer's. */
interface Problem {
  readonly kind: string;
  readonly title: string;
  /** With Envoy's command operators. */
  readonly detail: string;
}

/**
 * What Envoy's own answers mean, by their response flags.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/observability/access_log/usage#response-flags
 */
const BY_FLAG: readonly (Problem & { readonly flags: readonly string[] })[] = [
  {
    flags: ["UF", "NC", "UH"],
    kind: "unreachable",
    title: "Upstream Unreachable",
    detail: "What answers for %REQ(:AUTHORITY)% cannot be reached now. Try again.",
  },
  {
    flags: ["NR"],
    kind: "not-found",
    title: "Not Found",
    detail: "The gateway has no route for %REQ(:METHOD)% requests of this form.",
  },
  {
    flags: ["UC", "UR", "LR"],
    kind: "connection-closed",
    title: "Connection Closed",
    detail: "The connection to what answers for %REQ(:AUTHORITY)% was closed before the answer began.",
  },
  {
    flags: ["UPE"],
    kind: "invalid-answer",
    title: "Invalid Answer",
    detail: "What answers for %REQ(:AUTHORITY)% does not speak valid HTTP, or the header of its answer has more than " +
      `${ANSWER_LIMITS.maxHeadersCount.value} fields or ${ANSWER_LIMITS.maxResponseHeadersKb.value} KiB.`,
  },
  {
    flags: ["UO", "OM"],
    kind: "overloaded",
    title: "Overloaded",
    detail: "The gateway has too much to do now. Try again.",
  },
];

/** Envoy's own answers that have no flag, by status. */
const BY_STATUS: readonly (Problem & { readonly status: number })[] = [
  {
    status: 400,
    kind: "bad-request",
    title: "Bad Request",
    detail: "The request is not valid HTTP: %RESPONSE_CODE_DETAILS%.",
  },
  {
    status: 403,
    kind: "upgrade-refused",
    title: "Upgrade Refused",
    detail: "Connections can be upgraded to websocket alone.",
  },
  {
    status: 408,
    kind: "request-timeout",
    title: "Request Timeout",
    detail: "The request's headers did not arrive in time.",
  },
  {
    status: 431,
    kind: "headers-too-large",
    title: "Request Header Fields Too Large",
    detail: "The request's headers are too large or too many.",
  },
];

/** For the public listener: every answer of Envoy's own is a problem. Those of the sidecar about the lake stay as they are. */
export function publicLocalReplies(): LocalReplyConfig {
  return {
    mappers: [
      ...LAKE_ANSWERED,
      ...BY_FLAG.map((problem) => ({ filter: flagged(problem.flags), bodyFormatOverride: format(problem) })),
      ...BY_STATUS.map((problem) => ({ filter: status(problem.status), bodyFormatOverride: format(problem) })),
      {
        filter: status(404),
        bodyFormatOverride: format({ kind: "not-found", title: "Not Found", detail: "%LOCAL_REPLY_BODY%" }),
      },
    ],
    bodyFormat: format({
      kind: "gateway",
      title: "Gateway",
      detail: "The gateway has answered the request itself: %RESPONSE_CODE_DETAILS%.",
    }),
  };
}

/** For the gate: what nobody has seen carries the header on which the public listener tries again. */
export function gateLocalReplies({ gateToken }: Pick<EnvoySettings, "gateToken">): LocalReplyConfig {
  const headersToAdd = [header(UNAVAILABLE_HEADER, gateToken), header("retry-after", "2")];
  const unanswered: ResponseMapper = {
    filter: { andFilter: { filters: [flagged(["UAEX"]), status(AUTHORIZATION_ERROR_STATUS)] } },
    statusCode: { value: 503 },
    headersToAdd,
    bodyFormatOverride: format(UNAVAILABLE),
  };
  const [unreachable, ...rest] = BY_FLAG.map((problem) => ({
    filter: flagged(problem.flags),
    bodyFormatOverride: format(problem),
  }));
  return { mappers: [unanswered, { ...unreachable, headersToAdd }, ...rest] };
}

/** For the lake's own listener: what the sidecar could not be asked about is the public listener's to try again. */
export function lakeLocalReplies({ gateToken }: Pick<EnvoySettings, "gateToken">): LocalReplyConfig {
  const unasked: ResponseMapper = {
    filter: status(LAKE_ERROR_STATUS),
    statusCode: { value: 503 },
    headersToAdd: [header(UNAVAILABLE_HEADER, gateToken), header("retry-after", "2")],
    bodyFormatOverride: format(UNAVAILABLE),
  };
  return { mappers: [...LAKE_ANSWERED, unasked] };
}

const UNAVAILABLE: Problem = {
  kind: "gateway-unavailable",
  title: "Gateway Unavailable",
  detail: "The gateway's control plane does not answer now. Try again.",
};

/** An answer of the sidecar's about the lake stays as it is. */
const LAKE_ANSWERED: readonly ResponseMapper[] = [PROBLEM_CONTENT_TYPE, S3_ERROR_CONTENT_TYPE].map((contentType) => ({
  filter: {
    metadataFilter: {
      matcher: { filter: LAKE_METADATA, path: [{ key: "answered" }], value: { stringMatch: { exact: contentType } } },
      matchIfKeyNotFound: { value: false },
    },
  },
  bodyFormatOverride: { textFormatSource: { inlineString: "%LOCAL_REPLY_BODY%" }, contentType },
}));

function flagged(flags: readonly string[]): Filter {
  return { responseFlagFilter: { flags } };
}

function status(defaultValue: number): Filter {
  const { EQ } = envoy.config.accesslog.v3.ComparisonFilter.Op;
  const runtimeKey = `view_gateway.local_reply.${defaultValue}`;
  return { statusCodeFilter: { comparison: { op: EQ, value: { defaultValue, runtimeKey } } } };
}

function format({ kind, title, detail }: Problem): envoy.config.core.v3.ISubstitutionFormatString {
  return {
    jsonFormat: struct({ type: `urn:view-gateway:${kind}`, title, status: "%RESPONSE_CODE%", detail }),
    contentType: PROBLEM_CONTENT_TYPE,
  };
}

function header(key: string, value: string): envoy.config.core.v3.IHeaderValueOption {
  const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
  return { header: { key, value }, appendAction: OVERWRITE_IF_EXISTS_OR_ADD };
}

import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../problem.ts";
import { extension } from "../proto/any.ts";
import { LAKE_METADATA, UNAVAILABLE_HEADER } from "./names.ts";
import { OWN_ANSWERS, type OwnAnswer } from "./own_answers.ts";
import { S3_ERROR_CONTENT_TYPE } from "./s3_error.ts";
import type { EnvoySettings } from "./settings.ts";
import { struct } from "./values.ts";

const { ExpressionFilter } = envoy.extensions.access_loggers.filters.cel.v3;

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

type Problem = Pick<OwnAnswer, "kind" | "title" | "detail">;

/** For the public listener: every answer of Envoy's own is a problem. Those of the sidecar about the lake stay as they are. */
export function publicLocalReplies(): LocalReplyConfig {
  return { mappers: [...LAKE_ANSWERED, ...OWN_MAPPERS], bodyFormat: UNKNOWN };
}

/** For the gate: what nobody has seen carries the header on which the public listener tries again. */
export function gateLocalReplies({ gateToken }: Pick<EnvoySettings, "gateToken">): LocalReplyConfig {
  const headersToAdd = [header(UNAVAILABLE_HEADER, gateToken), header("retry-after", "2")];
  const unanswered: ResponseMapper = {
    filter: { andFilter: { filters: [flagged(["UAEX"]), status(AUTHORIZATION_ERROR_STATUS)] } },
    statusCode: { value: 503 },
    headersToAdd,
    bodyFormatOverride: format(named("gateway-unavailable")),
  };
  const unreachable = named("unreachable");
  return {
    mappers: [
      unanswered,
      // The public listener makes an answer of it, and a 204 with a body would be no valid HTTP to it.
      { filter: detailed(named("no-websocket").details), bodyFormatOverride: NO_BODY },
      { filter: flagged(unreachable.flags ?? []), headersToAdd, bodyFormatOverride: format(unreachable) },
      ...OWN_MAPPERS,
    ],
    bodyFormat: UNKNOWN,
  };
}

/** For the lake's own listener: what the sidecar could not be asked about is the public listener's to try again. */
export function lakeLocalReplies({ gateToken }: Pick<EnvoySettings, "gateToken">): LocalReplyConfig {
  const unasked: ResponseMapper = {
    filter: status(LAKE_ERROR_STATUS),
    statusCode: { value: 503 },
    headersToAdd: [header(UNAVAILABLE_HEADER, gateToken), header("retry-after", "2")],
    bodyFormatOverride: format(named("gateway-unavailable")),
  };
  return { mappers: [...LAKE_ANSWERED, unasked, ...OWN_MAPPERS], bodyFormat: UNKNOWN };
}

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

function named(kind: string): OwnAnswer {
  return OWN_ANSWERS.find((answer) => answer.kind === kind)!;
}

function detailed(details: readonly string[]): Filter {
  const [whole, begun] = [details.filter((name) => !name.endsWith("*")), details.filter((name) => name.endsWith("*"))];
  const expressions = [
    ...whole.length === 0 ? [] : [`response.code_details in ${JSON.stringify(whole)}`],
    ...begun.map((name) => `response.code_details.startsWith(${JSON.stringify(name.slice(0, -1))})`),
  ];
  return {
    extensionFilter: extension("envoy.access_loggers.extension_filters.cel", ExpressionFilter, {
      expression: expressions.join(" || "),
    }),
  };
}

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

/** Details first, as they say most; flags for what a later Envoy gives other details. */
const OWN_MAPPERS: readonly ResponseMapper[] = [
  ...OWN_ANSWERS.map((answer) => mapper(answer, detailed(answer.details))),
  ...OWN_ANSWERS.flatMap((answer) => answer.flags === undefined ? [] : [mapper(answer, flagged(answer.flags))]),
];

function mapper(answer: OwnAnswer, filter: Filter): ResponseMapper {
  const { status } = answer;
  return { filter, ...status !== undefined && { statusCode: { value: status } }, bodyFormatOverride: format(answer) };
}

/** What nobody here knows is told in Envoy's own words. */
const UNKNOWN = format({
  kind: "gateway",
  title: "Gateway",
  detail: "The gateway has answered the request itself: %RESPONSE_CODE_DETAILS%.",
});

const NO_BODY: envoy.config.core.v3.ISubstitutionFormatString = {
  textFormatSource: { inlineString: "%LOCAL_REPLY_BODY%" },
};

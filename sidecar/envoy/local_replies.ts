import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension } from "../proto/any.ts";
import { LAKE_METADATA, UNAVAILABLE_HEADER } from "./names.ts";
import { LOCAL_REPLIES, type LocalReply } from "./local_reply_problems.ts";
import { type Contact, contactOf } from "../page/contact.ts";
import { allOf, NAVIGATION, PAGE_HEADERS, pageFormat } from "./local_reply_pages.ts";
import { S3_ERROR_CONTENT_TYPE } from "./s3_error.ts";
import type { EnvoySettings } from "./settings.ts";
import { struct } from "./values.ts";

const { ExpressionFilter } = envoy.extensions.access_loggers.filters.cel.v3;

type LocalReplyConfig = envoy.extensions.filters.network.http_connection_manager.v3.ILocalReplyConfig;
type ResponseMapper = envoy.extensions.filters.network.http_connection_manager.v3.IResponseMapper;
type Filter = envoy.config.accesslog.v3.IAccessLogFilter;

/**
 * The status of ext_authz when the sidecar does not answer. Over HTTP Envoy 1.37.0 has no other, whatever the
 * configuration says. The gate has no other denials of ext_authz: see authorization.ts.
 */
export const AUTHORIZATION_ERROR_STATUS = 403;

/** The status of ext_proc when the sidecar does not answer. Nothing else here has it. */
export const LAKE_ERROR_STATUS = 511;

/** Seconds. */
const RETRY_AFTER = 2;

type Problem = Pick<LocalReply, "kind" | "title" | "detail">;

/** For the public listener: makes each local reply of Envoy a problem. The sidecar's answers about the lake stay. */
export function publicLocalReplies({ contact }: Pick<EnvoySettings, "contact">): LocalReplyConfig {
  const asked = contactOf(contact);
  return { mappers: [...LAKE_ANSWERED, ...mappersOf(LOCAL_REPLIES, asked)], bodyFormat: UNKNOWN };
}

/** For the gate: an answer to a request that reached nobody has the header on which the public listener retries. */
export function gateLocalReplies(
  { gateToken, contact }: Pick<EnvoySettings, "gateToken" | "contact">,
): LocalReplyConfig {
  const asked = contactOf(contact);
  const unanswered = allOf(flagged(["UAEX"]), status(AUTHORIZATION_ERROR_STATUS));
  const unreachable = named("unreachable");
  return {
    mappers: [
      ...retried(unanswered, { ...named("gateway-unavailable"), status: 503 }, gateToken, asked),
      // The public listener replaces this answer. A 204 with a body would be invalid HTTP to it.
      { filter: detailed(named("no-websocket").details), bodyFormatOverride: NO_BODY },
      ...retried(flagged(unreachable.flags ?? []), unreachable, gateToken, asked),
      ...mappersOf(LOCAL_REPLIES, asked),
    ],
    bodyFormat: UNKNOWN,
  };
}

/** For the lake's own listener: where the sidecar does not answer, the public listener retries. */
export function lakeLocalReplies({ gateToken }: Pick<EnvoySettings, "gateToken">): LocalReplyConfig {
  const unasked = { ...named("gateway-unavailable"), status: 503, page: false };
  return {
    mappers: [...LAKE_ANSWERED, ...retried(status(LAKE_ERROR_STATUS), unasked, gateToken), ...PROBLEM_MAPPERS],
    bodyFormat: UNKNOWN,
  };
}

/** The sidecar's own answers about the lake stay as they are. */
const LAKE_ANSWERED: readonly ResponseMapper[] = [PROBLEM_CONTENT_TYPE, S3_ERROR_CONTENT_TYPE].map((contentType) => ({
  filter: {
    metadataFilter: {
      matcher: { filter: LAKE_METADATA, path: [{ key: "answered" }], value: { stringMatch: { exact: contentType } } },
      matchIfKeyNotFound: { value: false },
    },
  },
  bodyFormatOverride: { textFormatSource: { inlineString: "%LOCAL_REPLY_BODY%" }, contentType },
}));

function named(kind: string): LocalReply {
  return LOCAL_REPLIES.find((answer) => answer.kind === kind)!;
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

type Headers = Readonly<Record<string, string>>;

function headersOf(headers: Headers): readonly envoy.config.core.v3.IHeaderValueOption[] {
  const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
  const appendAction = OVERWRITE_IF_EXISTS_OR_ADD;
  return Object.entries(headers).map(([key, value]) => ({ header: { key, value }, appendAction }));
}

/** Details come first, because they are exact. Flags match answers to which a later Envoy gives other details. */
function mappersOf(answers: readonly LocalReply[], contact?: Contact): readonly ResponseMapper[] {
  return [
    ...answers.flatMap((answer) => mappers(detailed(answer.details), answer, contact)),
    ...answers.flatMap((answer) =>
      answer.flags === undefined ? [] : mappers(flagged(answer.flags), { ...answer, page: false })
    ),
  ];
}

/** For the lake, whose clients are programs. */
const PROBLEM_MAPPERS = mappersOf(LOCAL_REPLIES.map((answer) => ({ ...answer, page: false })));

function retried(
  filter: Filter,
  answer: LocalReply,
  gateToken: string,
  contact?: Contact,
): readonly ResponseMapper[] {
  return mappers(filter, answer, contact, { [UNAVAILABLE_HEADER]: gateToken });
}

/** The answer where a filter matches: a page for a browser's navigation, else a problem. */
function mappers(
  filter: Filter,
  answer: LocalReply,
  contact?: Contact,
  more: Headers = {},
): readonly ResponseMapper[] {
  const headers = {
    "cache-control": "no-store",
    ...answer.retryable && { "retry-after": String(RETRY_AFTER) },
    ...more,
  };
  const statusCode = answer.status === undefined ? {} : { statusCode: { value: answer.status } };
  const asProblem = { filter, ...statusCode, headersToAdd: headersOf(headers), bodyFormatOverride: format(answer) };
  if (!answer.page) return [asProblem];
  const asPage = {
    filter: allOf(NAVIGATION, filter),
    ...statusCode,
    headersToAdd: headersOf({ ...headers, ...PAGE_HEADERS }),
    bodyFormatOverride: pageFormat(answer, contact),
  };
  return [asPage, asProblem];
}

/** An unknown local reply has Envoy's own words. */
const UNKNOWN = format({
  kind: "gateway",
  title: "Gateway",
  detail: "The gateway itself has answered the request: %RESPONSE_CODE_DETAILS%.",
});

const NO_BODY: envoy.config.core.v3.ISubstitutionFormatString = {
  textFormatSource: { inlineString: "%LOCAL_REPLY_BODY%" },
};

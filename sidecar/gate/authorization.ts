import { status } from "@grpc/grpc-js";
import { PASS_HEADER } from "../envoy/names.ts";
import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../problem.ts";
import { viewOfHost } from "../view/name.ts";
import { answer, type Denial } from "./denial.ts";
import { pageOfDenial } from "./denial_page.ts";
import type { Verdict } from "./gate.ts";
import { isNavigation } from "./navigation.ts";

/**
 * A request that passed the gate and came back this often finds its view gone each time: the sidecar believes in pods
 * that Envoy cannot reach. It is handed back, so that it is tried again after a pause.
 */
const MAX_PASSES = 3;

/** What a Check asks about. */
export interface Request {
  /** The view that the host names; undefined where it names none. */
  readonly view: string | undefined;
  readonly host: string;
  readonly passes: number;
  /** Whether a person waits for it in front of a browser, and is best told by a page. */
  readonly navigation: boolean;
}

/** https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/service/auth/v3/attribute_context.proto */
export function requestOf(check: envoy.service.auth.v3.ICheckRequest, baseHost: string): Request {
  const http = check.attributes?.request?.http;
  const host = http?.host ?? "";
  const headers = http?.headers ?? {};
  const passes = Number(headers[PASS_HEADER] ?? 0);
  return {
    view: viewOfHost(host, baseHost),
    host,
    passes: Number.isSafeInteger(passes) ? passes : MAX_PASSES,
    navigation: isNavigation({ method: http?.method ?? "", headers }),
  };
}

/** Whether the request has been round too often to be let through again now. */
export function goesRound({ passes }: Request): boolean {
  return passes >= MAX_PASSES;
}

/**
 * What Envoy is told; undefined where the request is handed back: the call then ends with an error, which the gate's
 * local reply turns into an answer that the public listener tries again.
 * @param now milliseconds since the epoch
 */
export function responseOf(
  verdict: Verdict,
  { passes, navigation }: Request,
  now: number,
): envoy.service.auth.v3.ICheckResponse | undefined {
  switch (verdict.kind) {
    case "handed back":
      return undefined;
    case "denied":
      return denied(verdict.denial, navigation ? now : undefined);
    case "pass":
      return {
        status: { code: status.OK },
        okResponse: { headers: [header(PASS_HEADER, String(passes + 1))] },
      };
  }
}

/**
 * A denial as a problem document, or as a page. Its status is the same: what starts is not there yet, so that no cache
 * keeps the page in the view's place, and no crawler takes it for the view.
 * @param page the time now, in milliseconds since the epoch, where it is to be a page
 */
function denied(denial: Denial, page: number | undefined): envoy.service.auth.v3.ICheckResponse {
  const { problem, retryAfter } = answer(denial);
  const headers = [header("cache-control", "no-store")];
  if (retryAfter !== undefined) headers.push(header("retry-after", String(retryAfter)));
  let body: string;
  if (page === undefined) {
    headers.push(header("content-type", PROBLEM_CONTENT_TYPE));
    body = JSON.stringify(problem) + "\n";
  } else {
    const { html, contentSecurityPolicy } = pageOfDenial(denial, page);
    headers.push(
      header("content-type", "text/html; charset=utf-8"),
      header("content-security-policy", contentSecurityPolicy),
      header("x-content-type-options", "nosniff"),
      header("referrer-policy", "no-referrer"),
    );
    body = html;
  }
  return {
    status: { code: status.PERMISSION_DENIED },
    deniedResponse: { status: { code: problem.status }, headers, body },
  };
}

function header(key: string, value: string): envoy.config.core.v3.IHeaderValueOption {
  return {
    header: { key, value },
    appendAction: envoy.config.core.v3.HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

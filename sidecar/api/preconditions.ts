import { problem, problemResponse } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiContext } from "./api_user.ts";

type Version = Pick<ViewState, "resourceVersion">;

/** The ETag of this version of a view: that of its Service, so of its spec. The phase changes without it. */
export function etagOf(resourceVersion: string): string {
  return `"${resourceVersion}"`;
}

/**
 * The answer to a request whose If-Match or If-None-Match the view does not fit; undefined where it may go on. GET does not
 * heed If-None-Match: an answer of 304 would hide that the phase has changed.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 * @param view undefined where there is none
 */
export function preconditionRefusal(c: ApiContext, name: string, view: Version | undefined): Response | undefined {
  const [ifMatch, ifNoneMatch] = [c.req.header("if-match"), c.req.header("if-none-match")];
  const is = view === undefined ? "it does not exist" : `its ETag is ${etagOf(view.resourceVersion)}`;
  if (ifMatch !== undefined && !isMatch(ifMatch, view)) {
    return refusal(name, `View ${name} is not what If-Match names: ${is}. Read it again.`);
  }
  if (c.req.method !== "GET" && ifNoneMatch !== undefined && isMatch(ifNoneMatch.replaceAll(/\bW\//g, ""), view)) {
    return refusal(name, `View ${name} is what If-None-Match names: ${is}.`);
  }
  return undefined;
}

function isMatch(field: string, view: Version | undefined): boolean {
  if (view === undefined) return false;
  return field.trim() === "*" || field.split(",").some((tag) => tag.trim() === etagOf(view.resourceVersion));
}

function refusal(view: string, detail: string): Response {
  return problemResponse(problem(412, "changed-meanwhile", detail, { view }));
}

import type { ViewResource } from "@view-gateway/types";
import { TOKEN_COMMAND } from "../../access/authenticator.ts";
import { ANONYMOUS } from "../../access/identity.ts";
import type { Ruling } from "../../access/rights.ts";
import type { ViewRights } from "../../console/console_page.ts";
import { adviceFor } from "../../view/advice.ts";
import type { ViewState } from "../../view/state.ts";
import type { ApiOptions } from "../api_options.ts";
import { accessUnknown, type ApiContext } from "../api_user.ts";
import { consoleResponse, type PageContent, problemPage } from "./console_response.ts";
import { getView } from "../get_view.ts";
import { permission } from "../permission.ts";
import { unknownView } from "../unknown_view.ts";
import { viewManifest } from "./view_manifest.ts";
import { openResource, requestUrlOf } from "../view_resource.ts";

/** Answers `GET /views/NAME`: the page of a view, with what the user may see of it and do with it. */
export async function showView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const page = await viewPage(c, options);
  return page instanceof Response ? await problemPage(c, page, options) : consoleResponse(c, page, options);
}

async function viewPage(c: ApiContext, options: ApiOptions): Promise<PageContent | Response> {
  const state = options.views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const may = await rightsTo(c, state, options);
  if (may instanceof Response) return may;
  const isPublic = state.public === true;
  if (!may.see) {
    return { page: "view", view: openResource(state, options, requestUrlOf(c.req)), may, isPublic };
  }
  const answer = await getView(c, options, {});
  if (!answer.ok) return answer;
  const view = await answer.json() as ViewResource;
  return {
    ...{ page: "view", view, may, isPublic },
    etag: answer.headers.get("etag") ?? "",
    ...view.cause && { advice: adviceFor(view.cause.reason) },
    ...manifestOf(state, options),
    ...c.get("user").identity.user !== ANONYMOUS.user && { tokenCommand: TOKEN_COMMAND },
  };
}

/** What the user may do with the view; or the answer to a user who may neither see nor open it. */
async function rightsTo(c: ApiContext, state: ViewState, options: ApiOptions): Promise<ViewRights | Response> {
  const { identity } = c.get("user");
  const { signal } = c.req.raw;
  const [see, open, change, remove] = await Promise.all(
    (["get", "open", "patch", "delete"] as const).map((verb) => options.rights.may(identity, verb, state, signal)),
  ) as [Ruling, Ruling, Ruling, Ruling];
  if (see.kind === "unknown") return accessUnknown(see.detail);
  if (see.kind === "forbidden" && open.kind !== "allowed") {
    // It answers with the refusal, and notes it.
    const refused = await permission(c, "get", state, options);
    if (refused instanceof Response) return refused;
  }
  return {
    see: see.kind === "allowed",
    open: open.kind === "allowed",
    // What Kubernetes cannot say now is not offered.
    change: change.kind === "allowed",
    delete: remove.kind === "allowed",
  };
}

function manifestOf(
  { name, owner, spec, target }: ViewState,
  options: Pick<ApiOptions, "required">,
): { readonly manifest?: string } {
  return spec === undefined || target !== undefined ? {} : { manifest: viewManifest({ name, owner, spec }, options) };
}

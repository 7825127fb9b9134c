import type { TemplateList } from "@view-gateway/types";
import type { FormLimits } from "../../console/form/form_limits.ts";
import type { ApiOptions } from "../api_options.ts";
import type { ApiContext } from "../api_user.ts";
import { consoleResponse, type PageContent, problemPage } from "./console_response.ts";
import { etagOf } from "../preconditions.ts";
import { invalidSpec } from "../invalid_spec.ts";
import { kubernetesUnavailable } from "../kubernetes_unavailable.ts";
import { listTemplates, templateList } from "../list_templates.ts";
import { permission } from "../permission.ts";
import { unknownView } from "../unknown_view.ts";
import { requestUrlOf, resourceOf } from "../view_resource.ts";

/** Answers `GET /new`: the form of a new view, for users who may create views. */
export async function showNew(c: ApiContext, options: ApiOptions): Promise<Response> {
  const answer = await listTemplates(c, options);
  if (!answer.ok) return await problemPage(c, answer, options);
  const templates = await answer.json() as TemplateList;
  return consoleResponse(c, { page: "new", templates, limits: limitsOf(options) }, options);
}

/** Answers `GET /views/NAME/edit`: the form of a view, for users who may change it. */
export async function showEdit(c: ApiContext, options: ApiOptions): Promise<Response> {
  const page = await editPage(c, options);
  return page instanceof Response ? await problemPage(c, page, options) : consoleResponse(c, page, options);
}

async function editPage(c: ApiContext, options: ApiOptions): Promise<PageContent | Response> {
  const state = options.views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "patch", state, options);
  if (why instanceof Response) return why;
  const templates = options.templates();
  if (templates === undefined) return kubernetesUnavailable("The gateway has not read the templates yet.");
  if (state.spec === undefined) return invalidSpec(state.name);
  return {
    page: "edit",
    view: resourceOf(state, options, requestUrlOf(c.req)),
    etag: etagOf(state.resourceVersion),
    // Who may change the view sees them, even without the right to create views.
    templates: templateList(templates, options.required),
    limits: limitsOf(options),
  };
}

function limitsOf({ bounds, lake, publicViews }: ApiOptions): FormLimits {
  return { times: bounds, hasLake: lake !== undefined, publicViews };
}

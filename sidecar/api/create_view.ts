import type { CreateView, Invalid, View } from "@view-gateway/types";
import type { Context } from "hono";
import { problem, problemResponse } from "../http/problem.ts";
import { serviceOf } from "../view/service.ts";
import type { ViewState } from "../view/state.ts";
import { validateView } from "../view/validate_view.ts";
import type { ApiOptions } from "./api_options.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { untilSettled } from "./until_settled.ts";
import { newResource, requestUrlOf } from "./view_resource.ts";

/** Answers `POST /_api/views`: creates the view's Service. */
export async function createView(c: Context, options: ApiOptions): Promise<Response> {
  const parsed = await jsonOf(c);
  if (parsed instanceof Response) return parsed;
  const valid = validated(parsed.body, options);
  if (valid instanceof Response) return valid;
  const { name, spec } = valid;
  const { views, services, required, limit } = options;
  if (views.size >= limit) {
    const detail = `Cannot create view ${name}: there are ${views.size} views, and the limit is ${limit}.`;
    return problemResponse(problem(403, "too-many-views", detail, { view: name }));
  }
  const created = await services.create(serviceOf({ name, spec, owner: undefined }, required), c.req.raw.signal);
  switch (created.kind) {
    case "exists": {
      const detail = `Cannot create view ${name}: ${whatHasTheName(views.get(name))}.`;
      return problemResponse(problem(409, "exists", detail, { view: name }));
    }
    case "refused": {
      const { reason, message } = created.cause;
      return problemResponse(
        problem(403, "refused", `Kubernetes refuses view ${name}: ${message}`, { view: name, reason }),
      );
    }
    case "unavailable":
      return kubernetesUnavailable(`View ${name} was not created: ${created.message}`);
    case "created":
      await untilSettled(options, name, (state) => state?.uid === created.uid);
      c.header("Location", `/_api/views/${name}`);
      return c.json(
        newResource({ name, spec, createdAt: created.createdAt }, options.baseHost, requestUrlOf(c.req)),
        201,
      );
  }
}

/** The request's JSON, or the answer to a request without JSON. */
async function jsonOf(c: Context): Promise<{ readonly body: unknown } | Response> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return problemResponse(
      problem(415, "not-json", "Send the view as JSON, with Content-Type: application/json."),
    );
  }
  try {
    return { body: JSON.parse(await c.req.text()) };
  } catch (error) {
    return problemResponse(problem(400, "not-json", `The body is not JSON: ${(error as Error).message}`));
  }
}

/** A text as the end of a sentence. Advice may end in a question. */
function ended(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

/** The view in a body, or the answer with every mistake in it. */
function validated(
  body: unknown,
  options: ApiOptions,
): { readonly name: string; readonly spec: View } | Response {
  const result = validateView("CreateView", body, options.bounds);
  const errors = [
    ..."errors" in result ? result.errors : lakeProblems(result.value, options),
    ...templateProblems(body, "errors" in result ? result.errors : [], options),
  ];
  if ("errors" in result || errors.length > 0) {
    const detail = errors.map(({ pointer, detail }) => `${pointer || "the body"} ${detail}`).join("; ");
    return problemResponse(
      problem(422, "invalid-view", `The view is not valid: ${ended(detail)}`, { errors: [...errors] }),
    );
  }
  const { name, ...spec } = result.value;
  return { name, spec };
}

function lakeProblems({ subsets }: CreateView, { lake }: ApiOptions): readonly Invalid[] {
  return lake === undefined && subsets.length > 0
    ? [{ pointer: "/subsets", detail: "must be empty: no lake is configured for this gateway" }]
    : [];
}

/** What is wrong with the body's template, or with the default one; empty where the member itself is invalid. */
function templateProblems(body: unknown, errors: readonly Invalid[], options: ApiOptions): readonly Invalid[] {
  if (typeof body !== "object" || body === null || errors.some(({ pointer }) => pointer === "/template")) return [];
  return options.templateProblems((body as Partial<View>).template);
}

/** What already has the name of a view to create. */
function whatHasTheName(view: ViewState | undefined): string {
  return view === undefined
    ? "a Service of that name exists that is no view, or is still being deleted: see its finalizers"
    : "there is a view of that name";
}

import { isDeepStrictEqual } from "node:util";
import type { View } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { createService, nameExists } from "./create_service.ts";
import { grantsRefusal } from "./grants_refusal.ts";
import { jsonOf } from "./json_body.ts";
import { permission } from "./permission.ts";
import { preconditionRefusal } from "./preconditions.ts";
import { viewAnswer } from "./view_answer.ts";
import { untilSettled } from "./until_settled.ts";
import { invalidView, validSpec } from "./valid_spec.ts";
import { othersChange, WRITES, writeSpec } from "./write_spec.ts";

/** Answers `PUT /_api/views/NAME`: creates the view, or gives it this spec. The same again writes nothing. */
export async function putView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const parsed = await jsonOf(c, "application/json");
  if (parsed instanceof Response) return parsed;
  const name = c.req.param("name") ?? "";
  for (let tries = 1;; tries++) {
    const view = options.views.get(name);
    const answer = view === undefined
      ? await created(c, name, parsed.body, options)
      : await replaced(c, view, parsed.body, options);
    if (typeof answer !== "string") return answer;
    if (tries === WRITES) return answer === "exists" ? nameExists(name, options) : othersChange(name);
  }
}

async function created(
  c: ApiContext,
  name: string,
  body: unknown,
  options: ApiOptions,
): Promise<Response | "exists"> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  const refusal = preconditionRefusal(c, name, undefined);
  if (refusal !== undefined) return refusal;
  const spec = wantedSpec(name, body, undefined, options);
  if (spec instanceof Response) return spec;
  const answer = await createService(c, { name, spec, why }, options);
  // Another gateway may have created it just now.
  if (answer === "exists") await untilSettled(options, name, (state) => state !== undefined);
  return answer;
}

async function replaced(
  c: ApiContext,
  view: ViewState,
  body: unknown,
  options: ApiOptions,
): Promise<Response | "lost"> {
  const { name } = view;
  const why = await permission(c, "patch", view, options);
  if (why instanceof Response) return why;
  const refusal = preconditionRefusal(c, name, view);
  if (refusal !== undefined) return refusal;
  const spec = wantedSpec(name, body, view.spec, options);
  if (spec instanceof Response) return spec;
  const beyond = grantsRefusal(c, { verb: "patch", name, spec, before: view.spec?.subsets ?? [] }, options);
  if (beyond !== undefined) return beyond;
  if (isDeepStrictEqual(spec, view.spec)) return viewAnswer(c, view, options);
  return await writeSpec(c, view, { spec, why }, options);
}

/** The valid spec in the body. Its name is that of the path, whether the body says it or not. */
function wantedSpec(name: string, body: unknown, before: View | undefined, options: ApiOptions): View | Response {
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  if (isObject && "name" in body && body.name !== name) {
    return invalidView([{ pointer: "/name", detail: `must be ${name}, as in the path` }]);
  }
  const valid = validSpec("CreateView", isObject ? { ...body, name } : body, before, options);
  if (valid instanceof Response) return valid;
  const { name: _, ...spec } = valid.value;
  return spec;
}

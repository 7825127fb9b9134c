import { isDeepStrictEqual } from "node:util";
import { type CreateView, type Invalid, schemas, type View } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import { validateView, validMembers } from "../view/validate_view.ts";
import type { ApiOptions } from "./api_options.ts";
import { templateProblems } from "./template_problems.ts";

/** What a body is validated against: the body of a creation, or the spec after a change. */
interface Shapes {
  readonly CreateView: CreateView;
  readonly View: View;
}

/**
 * The valid body, or the answer with every mistake in it. What the gateway cannot do now counts only in the members that differ
 * from those before: nobody has to repair what another user has written.
 * @param before undefined where the view is new
 */
export function validSpec<Name extends keyof Shapes>(
  shape: Name,
  body: unknown,
  before: View | undefined,
  options: ApiOptions,
): { readonly value: Shapes[Name] } | Response {
  const result = validateView(shape, body, options.bounds);
  const mistakes = "errors" in result ? result.errors.map(explained) : [];
  const { subsets = [], template, public: isPublic } = validMembers(body, mistakes);
  const isNew = (member: keyof View, value: unknown) => !isDeepStrictEqual(before?.[member], value);
  const errors = [
    ...mistakes,
    ...options.lake === undefined && subsets.length > 0 && isNew("subsets", subsets) ? [NO_LAKE] : [],
    ...isPublic && !options.publicViews && isNew("public", isPublic) ? [NOT_PUBLIC] : [],
    ...saysTemplate(body, mistakes) && (before === undefined || isNew("template", template))
      ? templateProblems(template, options.templates(), options.required)
      : [],
  ];
  return "errors" in result || errors.length > 0 ? invalidView(errors) : result as { value: Shapes[Name] };
}

const NO_LAKE: Invalid = { pointer: "/subsets", detail: "must be empty: no lake is configured for this gateway" };
const NOT_PUBLIC: Invalid = {
  pointer: "/public",
  detail: "must not be true: PUBLIC_VIEWS of this gateway does not allow that. Use access",
};

/** Whether the body says which template it wants, or leaves it out. */
function saysTemplate(body: unknown, mistakes: readonly Invalid[]): boolean {
  return typeof body === "object" && body !== null && !mistakes.some(({ pointer }) => pointer === "/template");
}

/** A member of the API's answers that is none of the spec gets a better word than "is not known". */
function explained({ pointer, detail }: Invalid): Invalid {
  const isAnswer = Object.hasOwn(schemas.definitions.ViewResource.properties, pointer.slice(1));
  return {
    pointer,
    detail: detail.startsWith("is not known") && isAnswer ? "is the gateway's, and nobody can set it" : detail,
  };
}

/** The answer with these mistakes. */
export function invalidView(errors: readonly Invalid[]): Response {
  const detail = errors.map(({ pointer, detail }) => `${pointer || "the body"} ${detail}`).join("; ");
  return problemResponse(
    problem(422, "invalid-view", `The view is not valid: ${ended(detail)}`, { errors: [...errors] }),
  );
}

/** A text as the end of a sentence. Advice may end in a question. */
function ended(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

import type { ViewState } from "../view/state.ts";

/** Files to write in the pod, by path. */
export type AssignmentFiles = Readonly<Record<string, string>>;

/** The body of an assignment: which view the pod is. `files` has the view's credentials for the lake. */
export function assignmentBody(
  { name, uid, spec }: Pick<ViewState, "name" | "uid" | "spec">,
  files: AssignmentFiles,
): string {
  return JSON.stringify({ name, uid, subsets: spec?.subsets ?? [], files });
}

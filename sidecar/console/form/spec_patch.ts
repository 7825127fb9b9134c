import type { View } from "@view-gateway/types";
import { type DefaultTimes, formOf, specOfForm, type ViewForm } from "./view_form.ts";

/** A JSON Merge Patch of a spec: https://www.rfc-editor.org/rfc/rfc7396 */
export type SpecPatch = { readonly [Member in keyof View]?: unknown };

const MEMBERS = ["subsets", "template", "idleSeconds", "maxLifetimeSeconds", "access", "public"] as const;

/** What has to change in the spec so that it says what the form says. What nobody has touched stays word for word. */
export function patchOf(base: View, form: ViewForm, defaults: DefaultTimes): SpecPatch {
  const before = specOfForm(formOf(form.name, base, defaults));
  const after = specOfForm(form);
  return Object.fromEntries(
    MEMBERS.filter((member) => !isSame(before[member], after[member])).map((member) => [
      member,
      member === "access" ? accessPatch(base.access, after.access) : after[member] ?? null,
    ]),
  );
}

/** A merge patch keeps the members of an object that it does not name. */
function accessPatch(before: View["access"] = {}, after: View["access"]): unknown {
  if (after === undefined) return null;
  const gone = Object.keys(before).filter((member) => !(member in after));
  return { ...after, ...Object.fromEntries(gone.map((member) => [member, null])) };
}

/** Whether two members of specs that a form says are the same: their own members have one order. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

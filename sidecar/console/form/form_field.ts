import type { Invalid, Problem } from "@view-gateway/types";
import type { ViewForm } from "./view_form.ts";

/** A mistake at its field. */
export interface FieldMistake {
  /** Where in the spec. */
  readonly pointer: string;
  /** The element to go to; undefined where the form has none for it. */
  readonly field: string | undefined;
  /** A whole sentence. */
  readonly text: string;
}

/** Each mistake with its field, in the order of the form's fields. */
export function fieldMistakes(mistakes: readonly Invalid[], { subsets }: ViewForm): readonly FieldMistake[] {
  const all = mistakes.map(({ pointer, detail }) => {
    const { field, label } = placeOf(pointer, subsets.map(({ key }) => key));
    return { pointer, field, text: ended(`${label} ${detail}`), rank: rankOf(pointer) };
  });
  return all.toSorted((a, b) => a.rank - b.rank).map(({ rank: _, ...mistake }) => mistake);
}

/** The mistakes that the API has found; undefined where its answer is about something else. */
export function mistakesIn({ errors, type, detail }: Problem): readonly Invalid[] | undefined {
  if (errors !== undefined && errors.length > 0) return errors;
  return type === "urn:view-gateway:exists" ? [{ pointer: "/name", detail: `is taken. ${detail}` }] : undefined;
}

/** What the mistakes at this place say, and below it; joined where there are several. */
export function mistakesAt(mistakes: readonly FieldMistake[], pointer: string): string | undefined {
  const texts = mistakes.filter((mistake) => isAtOrBelow(mistake.pointer, pointer)).map(({ text }) => text);
  return texts.length === 0 ? undefined : texts.join(" ");
}

export function isAtOrBelow(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`);
}

/** The id of a row's field. */
export function subsetField(key: number, part: "bucket" | "prefix" | "access"): string {
  return `subset-${key}-${part}`;
}

const ORDER = ["name", "template", "subsets", "idleSeconds", "maxLifetimeSeconds", "access", "public"];

function rankOf(pointer: string): number {
  const [, member = "", index = "0"] = pointer.split("/");
  const rank = ORDER.indexOf(member);
  return (rank === -1 ? ORDER.length : rank) * 1_000 + (Number(index) || 0);
}

function placeOf(
  pointer: string,
  keys: readonly number[],
): { readonly field: string | undefined; readonly label: string } {
  const [, member = "", index, part] = pointer.split("/");
  switch (member) {
    case "name":
      return { field: "name", label: "The name" };
    case "template":
      return { field: "template", label: "The template" };
    case "subsets": {
      const key = index === undefined ? undefined : keys[Number(index)];
      if (key === undefined) return { field: "subsets", label: "The data" };
      const subset = `Subset ${Number(index) + 1}`;
      return part === "bucket" || part === "prefix" || part === "access"
        ? { field: subsetField(key, part), label: `${subset}: the ${part}` }
        : { field: subsetField(key, "bucket"), label: subset };
    }
    case "idleSeconds":
      return { field: "idle", label: "The idle time" };
    case "maxLifetimeSeconds":
      return { field: "lifetime", label: "The lifetime" };
    case "access":
      return shared(index, part);
    case "public":
      return { field: "public", label: "Public" };
    default:
      return { field: undefined, label: pointer === "" ? "The view" : pointer };
  }
}

function shared(member: string | undefined, index: string | undefined) {
  const line = index === undefined ? "" : `line ${Number(index) + 1} `;
  switch (member) {
    case "users":
      return { field: "users", label: `Users: ${line}`.trimEnd() };
    case "groups":
      return { field: "groups", label: `Groups: ${line}`.trimEnd() };
    default:
      return { field: "everyone", label: "Sharing" };
  }
}

/** Advice may end in a question. */
function ended(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

import type { View } from "@view-gateway/types";
import { durationInWords, secondsIn } from "./duration.ts";
import { placeText } from "./lake_place.ts";
import { isSame } from "./spec_patch.ts";
import {
  type DefaultTimes,
  formOf,
  namesIn,
  specOfForm,
  type SubsetRow,
  type TimeChoice,
  type ViewForm,
} from "./view_form.ts";

/** What a person can change by itself, and so what two people can change at the same time. */
const FIELDS = ["template", "subsets", "idle", "lifetime", "users", "groups", "everyone", "isPublic"] as const;
type Field = typeof FIELDS[number];

/** A change that somebody else has made. */
export interface ForeignChange {
  readonly text: string;
  /** Whether the form has another change of the same thing, which the save would put in its place. */
  readonly isMine: boolean;
}

/** What others have changed since the form began. */
export function foreignChanges(
  mine: ViewForm,
  base: View,
  latest: View,
  defaults: DefaultTimes,
): readonly ForeignChange[] {
  const [before, after] = [base, latest].map((spec) => formOf(mine.name, spec, defaults)) as [ViewForm, ViewForm];
  return FIELDS.flatMap((field) => {
    if (isEqual(field, before, after)) return [];
    const isMine = !isEqual(field, before, mine) && !isEqual(field, mine, after);
    return changeTexts(field, before, after).map((text) => ({ text, isMine }));
  });
}

/** The form over the latest version: it keeps what its author has changed, and takes all else from there. */
export function rebased(mine: ViewForm, base: View, latest: View, defaults: DefaultTimes): ViewForm {
  const [before, after] = [base, latest].map((spec) => formOf(mine.name, spec, defaults)) as [ViewForm, ViewForm];
  const kept = FIELDS.filter((field) => !isEqual(field, before, mine)).map((field) => [field, mine[field]]);
  return { ...after, ...Object.fromEntries(kept) };
}

function isEqual(field: Field, a: ViewForm, b: ViewForm): boolean {
  return isSame(said(field, a), said(field, b));
}

/** What a field says, however it is typed. */
function said(field: Field, form: ViewForm): unknown {
  switch (field) {
    case "subsets":
      return specOfForm(form).subsets;
    case "idle":
    case "lifetime":
      return timeText(form[field]);
    case "users":
    case "groups":
      return namesIn(form[field]);
    default:
      return form[field];
  }
}

function changeTexts(field: Field, before: ViewForm, after: ViewForm): readonly string[] {
  switch (field) {
    case "template":
      return [`The template was ${before.template || "the default"}, and is ${after.template || "the default"}.`];
    case "subsets":
      return subsetTexts(before.subsets, after.subsets);
    case "idle":
      return [`It slept after ${timeText(before.idle)}, and sleeps after ${timeText(after.idle)}.`];
    case "lifetime":
      return [`It ended after ${timeText(before.lifetime)}, and ends after ${timeText(after.lifetime)}.`];
    case "users":
      return nameTexts("User", namesIn(before.users), namesIn(after.users));
    case "groups":
      return nameTexts("Group", namesIn(before.groups), namesIn(after.groups));
    case "everyone":
      return [after.everyone ? "Everyone who is signed in may open it." : "Not everyone may open it any more."];
    case "isPublic":
      return [after.isPublic ? "It is public." : "It is not public any more."];
  }
}

function timeText(choice: TimeChoice): string {
  if (!choice.isOwn) return "the gateway's default time";
  const seconds = secondsIn(choice);
  return seconds === undefined ? choice.amount : durationInWords(seconds);
}

function subsetTexts(before: readonly SubsetRow[], after: readonly SubsetRow[]): readonly string[] {
  const find = (rows: readonly SubsetRow[], row: SubsetRow) =>
    rows.find((other) => placeText(other) === placeText(row));
  const texts = [
    ...after.filter((row) => find(before, row) === undefined).map((row) => `Subset ${placeText(row)} was added.`),
    ...before.filter((row) => find(after, row) === undefined).map((row) => `Subset ${placeText(row)} was removed.`),
    ...after.filter((row) => (find(before, row)?.access ?? row.access) !== row.access).map((row) =>
      `Subset ${placeText(row)} is now for ${row.access === "read" ? "reading" : "reading and writing"}.`
    ),
  ];
  return texts.length > 0 ? texts : ["The subsets have another order."];
}

function nameTexts(kind: "User" | "Group", before: readonly string[], after: readonly string[]): readonly string[] {
  const texts = [
    ...after.filter((name) => !before.includes(name)).map((name) => `${kind} ${name} may open it.`),
    ...before.filter((name) => !after.includes(name)).map((name) => `${kind} ${name} may not open it any more.`),
  ];
  return texts.length > 0 ? texts : [`The ${kind.toLowerCase()}s have another order.`];
}

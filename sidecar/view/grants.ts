import { type Grant, type Invalid, type Subset, validate } from "@view-gateway/types";
import { parseAllDocuments } from "yaml";
import { covers, type Scope, scopeOf } from "./session_policy.ts";
import { subsetProblems } from "./subset_problems.ts";

/** Which parts of the lake users may give their views. */
export type Grants =
  /** No ConfigMap is configured: users who may create views may give them the whole lake. */
  | { readonly kind: "unbounded" }
  | { readonly kind: "bounded"; readonly grants: readonly Grant[] }
  /** The ConfigMap is missing, unread or broken; `cause` is a sentence that names it. */
  | { readonly kind: "unusable"; readonly cause: string };

/** A user as a grant names them. */
export interface Grantee {
  readonly user: string;
  readonly groups: readonly string[];
  /** Whether they have signed in. */
  readonly isKnown: boolean;
}

const KEY = "grants.yaml";

/** The grants before their ConfigMap has been read. */
export function noGrants(configMap: string): Grants {
  if (configMap === "") return { kind: "unbounded" };
  return { kind: "unusable", cause: `There is no ConfigMap ${configMap} of grants, or it could not be read yet.` };
}

/**
 * The grants in a ConfigMap. A mistake makes all of them unusable: a grant that says less than was meant is seen at once.
 * @param data its keys and texts; undefined if there is no such ConfigMap
 */
export function grantsIn(configMap: string, data: Readonly<Record<string, string>> | undefined): Grants {
  const unusable = (problem: string): Grants => ({
    kind: "unusable",
    cause: `The grants in ConfigMap ${configMap} cannot be used: ${problem.replace(/\.$/, "")}.`,
  });
  if (data === undefined) return { kind: "unusable", cause: `There is no ConfigMap ${configMap} of grants.` };
  const text = data[KEY];
  if (text === undefined) return unusable(`it has no key ${KEY}`);
  const parsed = parse(text);
  if ("problem" in parsed) return unusable(`${KEY} is not YAML: ${parsed.problem}`);
  const result = validate("Grants", parsed.value);
  const errors = "errors" in result ? result.errors : result.value.grants.flatMap(grantMistakes);
  if ("errors" in result || errors.length > 0) {
    return unusable(errors.map(({ pointer, detail }) => `${pointer || KEY} ${detail}`).join("; "));
  }
  return { kind: "bounded", grants: result.value.grants };
}

/**
 * The subsets that ask for more than the person's grants allow, each with its place in the spec and the nearest grant.
 * @param before subsets that the view has already: nobody needs a grant for what another user has put there
 */
export function beyondGrants(
  grants: readonly Grant[],
  person: Grantee,
  subsets: readonly Subset[],
  before: readonly Subset[],
): readonly Invalid[] {
  const granted = grantedTo(person, grants);
  return beyond([...granted, ...before.map(scopeOf)], subsets)
    .map(({ pointer, scope }) => ({ pointer, detail: refusedInWords(granted, scope) }));
}

/** What the grants give a person. */
export function grantedTo(person: Grantee, grants: readonly Grant[]): readonly Scope[] {
  return grants.filter((grant) => isFor(grant, person)).flatMap(({ subsets }) => subsets.map(scopeOf));
}

/** Why a person does not get what is beyond their grants, as the end of a sentence. */
export function refusedInWords(granted: readonly Scope[], wanted: Scope): string {
  const nearest = nearestOf(granted, wanted);
  const instead = nearest === undefined ? "you have no grants" : `your nearest grant is ${inWords(nearest)}`;
  return `asks for ${inWords(wanted)}, which is beyond your grants: ${instead}`;
}

/** Whether subsets ask for more than those that were there before. */
export function asksForMore(subsets: readonly Subset[], before: readonly Subset[]): boolean {
  return beyond(before.map(scopeOf), subsets).length > 0;
}

function beyond(allowed: readonly Scope[], subsets: readonly Subset[]) {
  return subsets.map((subset, i) => ({ pointer: `/subsets/${i}`, scope: scopeOf(subset) }))
    .filter(({ scope }) => !allowed.some((other) => covers(other, scope)));
}

function isFor({ users = [], groups = [], everyone = false }: Grant, person: Grantee): boolean {
  return everyone && person.isKnown || users.includes(person.user) ||
    groups.some((group) => person.groups.includes(group));
}

/** The one that shares the most with the scope: its bucket, then what both prefixes begin with, then its access. */
function nearestOf(granted: readonly Scope[], wanted: Scope): Scope | undefined {
  const likeness = (scope: Scope) => [
    Number(scope.bucket === wanted.bucket),
    sharedSegments(scope.prefix, wanted.prefix),
    Number(scope.write === wanted.write),
  ];
  return granted.map((scope) => ({ scope, likeness: likeness(scope) }))
    .toSorted((a, b) => order(b.likeness, a.likeness))[0]?.scope;
}

function sharedSegments(a: string, b: string): number {
  const [one, other] = [a.split("/"), b.split("/")];
  const differs = one.findIndex((segment, i) => segment !== other[i]);
  return differs === -1 ? one.length : differs;
}

function order(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, i) => value !== b[i]);
  return i === -1 ? 0 : a[i]! - b[i]!;
}

function inWords({ bucket, prefix, write }: Scope): string {
  const what = prefix === "" ? `all of bucket ${bucket}` : `${bucket}/${prefix}`;
  return `${write ? "readwrite" : "read"} of ${what}`;
}

function grantMistakes({ users = [], groups = [], everyone = false, subsets }: Grant, i: number): readonly Invalid[] {
  return [
    ...users.length + groups.length === 0 && !everyone
      ? [{ pointer: `/grants/${i}`, detail: "is for nobody: name users or groups, or say everyone" }]
      : [],
    // Each by itself: a view has few subsets, and a grant may have many.
    ...subsets.flatMap((subset, j) =>
      subsetProblems([subset]).map(({ pointer, detail }) => ({
        pointer: pointer.replace("/subsets/0", `/grants/${i}/subsets/${j}`),
        detail,
      }))
    ),
  ];
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  const documents = parseAllDocuments(text);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) return { problem: error.message.trim().replace(/:?\n[^]*/, "") };
  try {
    const values = documents.map((document) => document.toJS()).filter((value) => value !== null);
    return values.length > 1 ? { problem: "it has several documents" } : { value: values[0] };
  } catch (error) {
    // An alias without an anchor, or too many aliases.
    return { problem: (error as Error).message };
  }
}

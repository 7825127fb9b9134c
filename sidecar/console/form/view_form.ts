import type { Subset, View } from "@view-gateway/types";
import { secondsIn, type TypedDuration, typedDuration } from "./duration.ts";
import { typedPlace, wholePrefix } from "./lake_place.ts";

export type SubsetAccess = NonNullable<Subset["access"]>;

/** A subset as a person edits it. */
export interface SubsetRow {
  /** Tells rows apart while others come and go. */
  readonly key: number;
  readonly bucket: string;
  readonly prefix: string;
  readonly access: SubsetAccess;
  /** The most that the person's grants allow here, where that is known. */
  readonly grant?: SubsetAccess | undefined;
}

/** A time of a view: the gateway's default, or the view's own. */
export interface TimeChoice extends TypedDuration {
  readonly isOwn: boolean;
}

/** All that a person can say about a view. */
export interface ViewForm {
  readonly name: string;
  /** Empty: the gateway's default template, whichever that is. */
  readonly template: string;
  readonly subsets: readonly SubsetRow[];
  readonly idle: TimeChoice;
  readonly lifetime: TimeChoice;
  /** One name a line. */
  readonly users: string;
  /** One name a line. */
  readonly groups: string;
  readonly everyone: boolean;
  readonly isPublic: boolean;
}

/** The times that a form offers where the spec has none. */
export interface DefaultTimes {
  readonly idleSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** The form of a view with this spec. */
export function formOf(name: string, spec: View, defaults: DefaultTimes): ViewForm {
  const { users = [], groups = [], everyone = false } = spec.access ?? {};
  return {
    name,
    template: spec.template ?? "",
    subsets: spec.subsets.map((subset, key) => rowOf(subset, key)),
    idle: timeOf(spec.idleSeconds, defaults.idleSeconds),
    lifetime: timeOf(spec.maxLifetimeSeconds, defaults.maxLifetimeSeconds),
    users: users.join("\n"),
    groups: groups.join("\n"),
    everyone,
    isPublic: spec.public ?? false,
  };
}

export function rowOf({ bucket, prefix = "", access = "read" }: Subset, key: number): SubsetRow {
  return { key, bucket, prefix: wholePrefix(prefix), access };
}

/** A key that no row has. */
export function nextKey(rows: readonly SubsetRow[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1;
}

/** The spec that a form says. It leaves out what says nothing, and a time that is no number. */
export function specOfForm(form: ViewForm): View {
  const { template, everyone, isPublic } = form;
  const access = accessOf({ users: namesIn(form.users), groups: namesIn(form.groups), everyone });
  const [idleSeconds, maxLifetimeSeconds] = [ownSeconds(form.idle), ownSeconds(form.lifetime)];
  return {
    subsets: form.subsets.map(subsetOf),
    ...template !== "" && { template },
    ...idleSeconds !== undefined && { idleSeconds },
    ...maxLifetimeSeconds !== undefined && { maxLifetimeSeconds },
    ...access !== undefined && { access },
    ...isPublic && { public: true },
  };
}

/** The names in a text with one a line. */
export function namesIn(lines: string): string[] {
  return lines.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function subsetOf(row: SubsetRow): Subset {
  const { bucket, prefix } = typedPlace(row);
  return { bucket, ...prefix !== "" && { prefix }, ...row.access !== "read" && { access: row.access } };
}

function timeOf(seconds: number | undefined, usual: number): TimeChoice {
  return { isOwn: seconds !== undefined, ...typedDuration(seconds ?? usual) };
}

function ownSeconds(choice: TimeChoice): number | undefined {
  return choice.isOwn ? secondsIn(choice) : undefined;
}

function accessOf({ users, groups, everyone }: Required<NonNullable<View["access"]>>): View["access"] {
  if (users.length === 0 && groups.length === 0 && !everyone) return undefined;
  return {
    ...users.length > 0 && { users },
    ...groups.length > 0 && { groups },
    ...everyone && { everyone },
  };
}

/** Which view this is: what the environment says of it, or an assignment. */
import type { Get } from "./settings.ts";

export interface Subset {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  readonly access: "read" | "readwrite";
}

export interface View {
  readonly name: string;
  readonly subsets: readonly Subset[];
}

/** @throws Error with what is wrong with a variable */
export function viewOf(get: Get): View {
  const json = get("VIEW_SUBSETS") || "[]";
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    given = undefined;
  }
  const subsets = subsetsOf(given);
  if (subsets === undefined) throw new Error(`VIEW_SUBSETS is not a JSON list of subsets: ${json}`);
  return { name: get("VIEW_NAME") || "duckdb", subsets };
}

/** Subsets with their defaults; undefined where it is no list of them. */
export function subsetsOf(given: unknown): readonly Subset[] | undefined {
  if (!Array.isArray(given) || !given.every((subset) => typeof subset?.bucket === "string")) return undefined;
  return given.map(({ bucket, prefix = "", access = "read" }) => ({
    bucket,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    access,
  }));
}

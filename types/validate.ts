import { Ajv, type ErrorObject } from "ajv";
import addFormats from "ajv-formats";
import schemas from "./src/definitions.js";
import type { Config, CreateView, Problem, View, ViewList, ViewResource } from "./gen/types.ts";

/** The shapes that are validated, by the names of their schemas. */
interface Shapes {
  Config: Config;
  CreateView: CreateView;
  Problem: Problem;
  View: View;
  ViewList: ViewList;
  ViewResource: ViewResource;
}

/** One problem: where, as a JSON Pointer into the value, and what. */
export interface Invalid {
  readonly pointer: string;
  readonly detail: string;
}

// The package's default export is a namespace to the type checker and a function when it runs.
const formats = addFormats as unknown as (ajv: Ajv) => Ajv;
const ajv = formats(new Ajv({ allErrors: true, useDefaults: true }))
  .addKeyword("env")
  .addSchema({ $id: "types", ...schemas });

/**
 * Checks a value against the schema of that name. Missing members that have a default are filled in, in place.
 * Every problem is reported, not just the first.
 */
export function validate<Name extends keyof Shapes>(
  name: Name,
  value: unknown,
): { readonly value: Shapes[Name] } | { readonly errors: readonly Invalid[] } {
  const check = ajv.getSchema(`types#/definitions/${name}`);
  if (check === undefined) throw new Error(`There is no schema named ${name}`);
  return check(value) ? { value: value as Shapes[Name] } : { errors: (check.errors ?? []).map(invalid) };
}

function invalid(error: ErrorObject): Invalid {
  switch (error.keyword) {
    case "additionalProperties":
      return { pointer: below(error.instancePath, error.params.additionalProperty), detail: "is not known" };
    case "required":
      return { pointer: below(error.instancePath, error.params.missingProperty), detail: "is missing" };
    case "enum":
      return { pointer: error.instancePath, detail: `must be one of ${error.params.allowedValues.join(", ")}` };
    default:
      return { pointer: error.instancePath, detail: error.message ?? error.keyword };
  }
}

function below(pointer: string, member: string): string {
  return `${pointer}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

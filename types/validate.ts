import { Ajv, type ErrorObject } from "ajv";
import addFormats from "ajv-formats";
import { wordsOf } from "./words.ts";
import schemas from "./src/definitions.js";
import type {
  Config,
  CreateView,
  Grants,
  LakeListing,
  LakeQuery,
  NoQuery,
  Problem,
  PutView,
  Subset,
  TemplateList,
  View,
  ViewList,
  ViewPatch,
  ViewResource,
  ViewsQuery,
  WakeQuery,
  WatchQuery,
} from "./gen/types.ts";

/** The types of validated values, by the names of their schemas. */
interface Shapes {
  Config: Config;
  CreateView: CreateView;
  Grants: Grants;
  LakeListing: LakeListing;
  LakeQuery: LakeQuery;
  NoQuery: NoQuery;
  Problem: Problem;
  PutView: PutView;
  Subset: Subset;
  TemplateList: TemplateList;
  View: View;
  ViewList: ViewList;
  ViewPatch: ViewPatch;
  ViewResource: ViewResource;
  ViewsQuery: ViewsQuery;
  WakeQuery: WakeQuery;
  WatchQuery: WatchQuery;
}

/** One problem of a value, with a JSON Pointer to its place. */
export interface Invalid {
  readonly pointer: string;
  readonly detail: string;
}

// The type checker sees the package's default export as a namespace; at run time it is a function.
const formats = addFormats as unknown as (ajv: Ajv) => Ajv;
// A test validates the schemas: compiling JSON Schema's own schema for that takes 60 ms of a start.
const ajv = formats(new Ajv({ allErrors: true, useDefaults: true, verbose: true, validateSchema: false }))
  .addKeyword("env")
  // What a pattern or a range means, for people.
  .addKeyword("words")
  .addSchema({ $id: "types", ...schemas });

/**
 * Validates a value against the schema of this name, and sets the defaults of missing members in the value itself.
 * Reports all problems, not only the first.
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
  return { pointer: placeOf(error), detail: wordsOf(error) };
}

/** A mistake in which members there are is at the member. */
function placeOf({ keyword, instancePath, params }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return below(instancePath, params.additionalProperty);
    case "required":
      return below(instancePath, params.missingProperty);
    default:
      return instancePath;
  }
}

function below(pointer: string, member: string): string {
  return `${pointer}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

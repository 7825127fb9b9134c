import { Ajv, type ErrorObject } from "ajv";
import addFormats from "ajv-formats";
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
const ajv = formats(new Ajv({ allErrors: true, useDefaults: true, verbose: true }))
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
  switch (error.keyword) {
    case "additionalProperties":
      return { pointer: below(error.instancePath, error.params.additionalProperty), detail: "is not known" };
    case "required":
      return { pointer: below(error.instancePath, error.params.missingProperty), detail: "is missing" };
    case "enum":
      return { pointer: error.instancePath, detail: `must be one of ${error.params.allowedValues.join(", ")}` };
    case "pattern":
    case "minimum":
    case "maximum":
      return { pointer: error.instancePath, detail: error.parentSchema?.words ?? error.message };
    case "type": {
      const { type, words } = error.parentSchema ?? {};
      return { pointer: error.instancePath, detail: type === "integer" && words || error.message };
    }
    default:
      return { pointer: error.instancePath, detail: error.message ?? error.keyword };
  }
}

function below(pointer: string, member: string): string {
  return `${pointer}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

import type { ErrorObject } from "ajv";
import { closestWord } from "./closest_word.ts";

/** What is wrong with a value, for people: words that follow the name of its place. */
export function wordsOf({ keyword, params, parentSchema = {}, data, message }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return unknownWord(params.additionalProperty, Object.keys(parentSchema.properties ?? {}), "no members");
    case "required":
      return "is missing";
    case "type":
      return parentSchema.type === "integer" && parentSchema.words || `must be ${TYPES[params.type] ?? params.type}`;
    case "enum":
      return `must be one of ${params.allowedValues.join(", ")}`;
    case "pattern":
      return parentSchema.words ?? message;
    case "minimum":
      return parentSchema.words ?? `must be ${params.limit} or more`;
    case "maximum":
      return parentSchema.words ?? `must be ${params.limit} or less`;
    case "minLength":
      return params.limit === 1 ? "must not be empty" : `must have ${counted(params.limit, "character")} or more`;
    case "maxLength":
      return `must have ${counted(params.limit, "character")} at most, but has ${[...String(data)].length}`;
    case "maxItems":
      return `must have ${counted(params.limit, "item")} at most, but has ${(data as readonly unknown[]).length}`;
    case "uniqueItems":
      return `must not have the same item twice: items ${params.j} and ${params.i} are the same`;
    case "format":
      return `must be ${FORMATS[params.format] ?? params.format}`;
    case "anyOf":
      return "has none of the forms that it may have";
    default:
      throw new Error(`There are no words for ${keyword}`);
  }
}

/** What is wrong with a name that nothing has: the one that is probably meant, or all that there are. */
export function unknownWord(name: string, known: readonly string[], none: string): string {
  if (known.length === 0) return `is not known: there are ${none} here`;
  const meant = closestWord(name, known);
  return `is not known: ${meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

const TYPES: Readonly<Record<string, string>> = {
  array: "a list: [ … ]",
  boolean: "true or false",
  integer: "a whole number",
  null: "null",
  number: "a number",
  object: "an object: { … }",
  string: "a text",
};

const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "a time, such as 2026-01-01T08:00:00Z",
  uri: "a URL",
};

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

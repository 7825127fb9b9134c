import { closestWord, jobFields } from "@view-gateway/types";

/**
 * Problems of a Job manifest's fields in every version of Kubernetes: a misspelt name, or a value of the wrong type. A name
 * that resembles no known one may belong to a newer version, so Kubernetes decides.
 */
export function fieldProblems(job: unknown): readonly string[] {
  return problemsOf(job, "V1Job", "");
}

/**
 * @param type as in `jobFields`
 * @param path of the value in the manifest; empty for the whole manifest
 */
function problemsOf(value: unknown, type: string, path: string): readonly string[] {
  // Kubernetes treats null as a missing field.
  if (value === null || value === undefined) return [];
  const fields = jobFields[type];
  if (fields !== undefined) {
    return isMapping(value) ? memberProblems(value, fields, path) : [`${path || "the whole"} must be a mapping`];
  }
  const item = /^Array<(.*)>$/.exec(type)?.[1];
  if (item !== undefined) return Array.isArray(value) ? itemProblems(value, item, path) : [`${path} must be a list`];
  switch (type) {
    case "texts":
      if (!isMapping(value)) return [`${path} must be a mapping`];
      return Object.entries(value).flatMap(([key, text]) => problemsOf(text, "string", `${path}.${key}`));
    case "map":
      return isMapping(value) ? [] : [`${path} must be a mapping`];
    case "string":
      if (typeof value === "string") return [];
      return [`${path} must be text${typeof value === "object" ? "" : `: write it in quotes, "${value}"`}`];
    case "number":
      return typeof value === "number" ? [] : [`${path} must be a number`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path} must be true or false`];
    case "IntOrString":
      return typeof value === "number" || typeof value === "string" ? [] : [`${path} must be a number or text`];
    default:
      return [];
  }
}

function itemProblems(value: readonly unknown[], type: string, path: string): readonly string[] {
  return value.flatMap((item, i) => {
    const at = `${path}[${i}]`;
    return item === null ? [`${at} must not be empty`] : problemsOf(item, type, at);
  });
}

function memberProblems(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, string>>,
  path: string,
): readonly string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === "" ? name : `${path}.${name}`;
    if (Object.hasOwn(fields, name)) return problemsOf(member, fields[name]!, at);
    const meant = closestWord(name, Object.keys(fields).filter((known) => !(known in value)));
    return meant === undefined ? [] : [`${at} is no field of a Job: did you mean ${meant}?`];
  });
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

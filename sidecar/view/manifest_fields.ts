import * as models from "@kubernetes/client-node";
import { nearest } from "./nearest.ts";

/** A field of a Kubernetes type, as client-node's models have it: its name on the wire, and its type. */
interface Field {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** Fields that are quantities, which Kubernetes also takes as numbers. The models have them as strings. */
const QUANTITIES = new Set(["sizeLimit", "divisor"]);

/** Maps of which each value must be text; those of other names may be quantities. */
const TEXTS = new Set(["labels", "annotations", "nodeSelector", "matchLabels"]);

/**
 * What is wrong with the fields of a manifest in every version of Kubernetes: a misspelt name, or a value of another kind. A
 * name that is like no other may be a newer version's, so Kubernetes judges it.
 * @param type the Kubernetes type, as `V1Job`
 * @param path of the value in the manifest; empty for the whole
 */
export function fieldProblems(value: unknown, type: string, path = ""): readonly string[] {
  return problemsOf(value, { baseName: path.replace(/.*\./, ""), type, format: "" }, path);
}

function problemsOf(value: unknown, field: Field, path: string): readonly string[] {
  // Kubernetes takes null for a field that is not there.
  if (value === null || value === undefined) return [];
  const { baseName, type, format } = field;
  const items = /^Array<(.*)>$/.exec(type)?.[1];
  if (items !== undefined) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((item, i) =>
      item === null ? [`${path}[${i}] must not be empty`] : problemsOf(item, { ...field, type: items }, `${path}[${i}]`)
    );
  }
  const values = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (values !== undefined) {
    if (!isMapping(value)) return [`${path} must be a mapping`];
    if (values !== "string" || !TEXTS.has(baseName)) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      problemsOf(item, { ...field, type: values }, `${path}.${key}`)
    );
  }
  switch (type) {
    case "string":
      if (typeof value === "string" || format !== "" || QUANTITIES.has(baseName) && typeof value === "number") {
        return [];
      }
      return [
        `${path} must be text${isMapping(value) || Array.isArray(value) ? "" : `: write it in quotes, "${value}"`}`,
      ];
    case "number":
      return typeof value === "number" ? [] : [`${path} must be a number`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path} must be true or false`];
    case "IntOrString":
      return typeof value === "number" || typeof value === "string" ? [] : [`${path} must be a number or text`];
  }
  const fields = fieldsOf(type);
  if (fields === undefined) return [];
  return isMapping(value) ? memberProblems(value, fields, path) : [`${path || "the whole"} must be a mapping`];
}

function memberProblems(
  value: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  path: string,
): readonly string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const field = fields.find(({ baseName }) => baseName === name);
    if (field !== undefined) return problemsOf(member, field, at);
    const meant = nearest(name, fields.map(({ baseName }) => baseName).filter((known) => !(known in value)));
    return meant === undefined ? [] : [`${at} is no field of a Job: did you mean ${meant}?`];
  });
}

/** The fields of a Kubernetes type; undefined for one that has none of its own, as a date. */
function fieldsOf(type: string): readonly Field[] | undefined {
  const model = (models as Readonly<Record<string, unknown>>)[type];
  if (typeof model !== "function" || !("getAttributeTypeMap" in model)) return undefined;
  return (model as unknown as { getAttributeTypeMap(): readonly Field[] }).getAttributeTypeMap();
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

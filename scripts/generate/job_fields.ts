import * as models from "@kubernetes/client-node";

/** A field of a Kubernetes type, as client-node's models have it. */
interface Attribute {
  /** Its name in a manifest. */
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** Quantities, which Kubernetes also takes as numbers; the models have them as strings. */
const QUANTITIES = new Set(["sizeLimit", "divisor"]);

/** Maps whose values are text; others of the same type have quantities. */
const TEXTS = new Set(["labels", "annotations", "nodeSelector", "matchLabels"]);

/** The fields of a Job and of all types within it: by type, each field's own type. */
export function readJobFields(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const found: Record<string, Record<string, string>> = {};
  const look = (type: string) => {
    const attributes = attributesOf(type);
    if (attributes === undefined || type in found) return;
    found[type] = Object.fromEntries(attributes.map((attribute) => [attribute.baseName, typeOf(attribute)]));
    for (const { type } of attributes) look(type.replace(/^Array<(.*)>$/, "$1"));
  };
  look("V1Job");
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => a < b ? -1 : 1));
}

/** `string`, `number`, `boolean`, `IntOrString`, `texts`, another type of these fields, `Array<…>`, or `any`. */
function typeOf({ baseName, type, format }: Attribute): string {
  if (type === "{ [key: string]: string; }") return TEXTS.has(baseName) ? "texts" : "map";
  if (type.startsWith("{")) return "map";
  if (type === "string") return format === "" && !QUANTITIES.has(baseName) ? "string" : "any";
  const item = type.replace(/^Array<(.*)>$/, "$1");
  const known = ["string", "number", "boolean", "IntOrString"].includes(item) || attributesOf(item) !== undefined;
  return known ? type : "any";
}

function attributesOf(type: string): readonly Attribute[] | undefined {
  const model = (models as Readonly<Record<string, unknown>>)[type];
  if (typeof model !== "function" || !("getAttributeTypeMap" in model)) return undefined;
  return (model as unknown as { getAttributeTypeMap(): readonly Attribute[] }).getAttributeTypeMap();
}

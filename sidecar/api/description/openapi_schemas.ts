import { schemas } from "@view-gateway/types";
import type { SchemaName } from "../api_route.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DEFINITIONS: Readonly<Record<string, JsonSchema>> = schemas.definitions;

/** Keywords that only the gateway itself understands. */
const OWN = new Set(["words", "env"]);

/** A reference to a schema of the document. */
export function refTo(name: SchemaName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** The schemas of these names and all that they refer to, as an OpenAPI document has them. */
export function componentsFrom(names: readonly SchemaName[]): Readonly<Record<string, JsonSchema>> {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    referencesIn(DEFINITIONS[name]).forEach(add);
  };
  names.forEach(add);
  return Object.fromEntries([...found].sort().map((name) => [name, publicSchema(DEFINITIONS[name]!) as JsonSchema]));
}

/** The parameters of a query. One that has a default may be left out. */
export function queryParameters(name: SchemaName): readonly JsonSchema[] {
  const { properties, required = [] } = DEFINITIONS[name] as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = publicSchema(schema) as JsonSchema;
    const referred = referencesIn(schema)[0];
    return {
      name,
      in: "query",
      description: description ?? (referred && DEFINITIONS[referred]?.description),
      required: required.includes(name) && !("default" in schema),
      schema: rest,
    };
  });
}

/** Which schemas the queries refer to. */
export function queryReferences(name: SchemaName): readonly SchemaName[] {
  return referencesIn(DEFINITIONS[name]) as readonly SchemaName[];
}

function referencesIn(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "$ref" ? [String(value).replace("#/definitions/", "")] : referencesIn(value)
  );
}

/** The schema without the gateway's own keywords. A member may have the name of a keyword. */
function publicSchema(schema: unknown, isMap = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => publicSchema(item));
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => isMap || !OWN.has(key)).map(([key, value]) => [
      key,
      key === "$ref" && !isMap
        ? String(value).replace("#/definitions/", "#/components/schemas/")
        : publicSchema(value, key === "properties" && !isMap),
    ]),
  );
}

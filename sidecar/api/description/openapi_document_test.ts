import { deepEqual, equal, match } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { SchemaName } from "../api_route.ts";
import { API_ROUTES } from "../api_routes.ts";
import { openApiDocument } from "./openapi_document.ts";
import { API_EXAMPLES, NEW_VIEW_EXAMPLE } from "./openapi_examples.ts";
import { problemsOf } from "./route_problems.ts";
import { PROBLEM_KINDS } from "./problem_kinds.ts";
import { startApi, startApiFor } from "../testing/views_api.ts";

const document = openApiDocument(API_ROUTES);
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

Deno.test("the document has each row of the table as an operation", () => {
  deepEqual(operations.map(({ operationId }) => operationId).sort(), API_ROUTES.map((row) => row.operationId).sort());
});

Deno.test("the document has all schemas that it refers to, and no others", () => {
  const text = JSON.stringify(document);
  const named = [...text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g)].map(([, name]) => name!);
  deepEqual([...new Set(named)].sort(), Object.keys(document.components.schemas));
  equal(text.includes("#/definitions/"), false);
});

Deno.test("the document has none of the gateway's own keywords", () => {
  deepEqual(JSON.stringify(document).match(/"(words|env)":/g), null);
});

Deno.test("each member that the document describes has words", () => {
  const wordless = (place: string, schema: unknown): string[] => {
    if (typeof schema !== "object" || schema === null) return [];
    const inner = Object.entries(schema).flatMap(([key, value]) => wordless(`${place}/${key}`, value));
    if (!("properties" in schema)) return inner;
    const members = Object.entries(schema.properties as Record<string, object>);
    return [
      ...members.filter(([, member]) => !("description" in member || "$ref" in member)).map(([name]) =>
        `${place}.${name}`
      ),
      ...inner,
    ];
  };
  deepEqual(Object.entries(document.components.schemas).flatMap(([name, schema]) => wordless(name, schema)), []);
  const parameters = operations.flatMap((operation) =>
    operation.parameters as { name: string; description?: string }[] ?? []
  );
  deepEqual(parameters.filter(({ description }) => !description), []);
});

Deno.test("each example is valid, and each body and answer has one", () => {
  for (const [name, example] of Object.entries(API_EXAMPLES)) {
    deepEqual(validate(name as SchemaName, structuredClone(example)), { value: example }, name);
  }
  deepEqual(validate("ViewResource", structuredClone(NEW_VIEW_EXAMPLE)), { value: NEW_VIEW_EXAMPLE });
  const used = API_ROUTES.flatMap(({ body, answers }) => [body, ...Object.values(answers)]);
  const names = used.flatMap((one) => one?.schema && one.schema !== "OpenAPI" ? [one.schema] : []);
  deepEqual(names.filter((name) => !(name in API_EXAMPLES)), []);
});

Deno.test("an answer that can be a stream is described with both media types", () => {
  const row = API_ROUTES.find(({ operationId }) => operationId === "listViews")!;
  const answers = { 200: { ...row.answers[200]!, events: "`changed` has a view." } };
  const { responses } = openApiDocument([{ ...row, answers }]).paths["/_api/views"]!.get as {
    responses?: Record<string, { content: object }>;
  };
  deepEqual(Object.keys(responses![200]!.content), ["application/json", "text/event-stream"]);
});

Deno.test("the API serves the document to whoever is signed in", async () => {
  const { status, headers, body } = await startApi().ask("GET", "/_api/openapi.json");
  equal(status, 200);
  match(headers.get("content-type")!, /^application\/json/);
  deepEqual(body, JSON.parse(JSON.stringify(document)));
  equal((await startApiFor({}).send(undefined, "GET", "/_api/openapi.json")).status, 401);
});

Deno.test("each kind of problem belongs to a route", () => {
  const used = new Set<string>(API_ROUTES.flatMap((row) => problemsOf(row).map(({ kind }) => kind)));
  deepEqual(Object.keys(PROBLEM_KINDS).filter((kind) => !used.has(kind)), []);
});

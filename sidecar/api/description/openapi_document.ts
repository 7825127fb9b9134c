import { ANSWER_HEADERS, type AnswerHeader } from "./answer_headers.ts";
import type { ApiRoute, DeclaredAnswer, SchemaName } from "../api_route.ts";
import { type DeclaredProblem, problemsOf } from "./route_problems.ts";
import { API_EXAMPLES } from "./openapi_examples.ts";
import { componentsFrom, type JsonSchema, queryParameters, queryReferences, refTo } from "./openapi_schemas.ts";

/** An OpenAPI document: https://spec.openapis.org/oas/v3.1.1.html */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: JsonSchema;
  readonly servers: readonly JsonSchema[];
  readonly security: readonly JsonSchema[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: JsonSchema & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What the document says of one method of one path. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly [member: string]: unknown;
}

const TAGS = {
  views: "Views: create, read, change, delete, wake and put them to sleep.",
  templates: "The workload templates from which views start.",
  lake: "What views may read.",
  "openapi.json": "This document.",
};

const INFO = {
  title: "view-gateway",
  version: "1",
  description:
    "The REST API of the gateway, at its base host. All times are in UTC. HEAD answers as GET does, without the body. A path " +
    "answers a method that it does not have with 405 and `Allow`. Clients should ignore members that they do not know.",
};

/** Describes these routes. */
export function openApiDocument(routes: readonly ApiRoute[]): OpenApiDocument {
  const paths = Map.groupBy(routes, ({ path }) => path.replace(/:([a-z]+)/g, "{$1}"));
  return {
    openapi: "3.1.1",
    info: INFO,
    servers: [{ url: "/", description: "The base host of the gateway that serves this document." }],
    security: [{ bearer: [] }, { session: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      [...paths].map(([path, rows]) => [
        path,
        Object.fromEntries(rows.map((row) => [row.method.toLowerCase(), operationOf(row)])),
      ]),
    ),
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A token of a service account for the audience `view-gateway`, or an ID token of the issuer.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-session",
          description: "The session of a person who has signed in with a browser.",
        },
      },
      responses: { Problem: problemResponseOf("Any other problem, such as one of the proxy in front of the API.") },
      schemas: componentsFrom(["Problem", ...routes.flatMap(schemasOf)]),
    },
  };
}

function schemasOf({ query, body, answers }: ApiRoute): readonly SchemaName[] {
  const answered = Object.values(answers).flatMap(({ schema }) => schema && schema !== "OpenAPI" ? [schema] : []);
  return [...query ? queryReferences(query) : [], ...body ? [body.schema] : [], ...answered];
}

function operationOf(row: ApiRoute): Operation {
  const { operationId, summary, description, path, query, requestHeaders = [], body, answers } = row;
  const parameters = [
    ...path.includes(":name") ? [NAME] : [],
    ...query ? queryParameters(query) : [],
    ...requestHeaders.map((name) => REQUEST_HEADERS[name]),
  ];
  return {
    operationId,
    summary,
    ...description !== undefined && { description },
    tags: [path.split("/")[2]],
    ...parameters.length > 0 && { parameters },
    ...body && {
      requestBody: { required: true, content: { [body.type]: media(body.schema) } },
    },
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...Object.fromEntries(
        [...Map.groupBy(problemsOf(row), ({ status }) => status)].map(([status, kinds]) => [status, refusalOf(kinds)]),
      ),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

const NAME = {
  name: "name",
  in: "path",
  required: true,
  description: "The view's name.",
  schema: { type: "string", maxLength: 63 },
  example: API_EXAMPLES.ViewResource.name,
};

/** The headers of requests that routes heed. */
const REQUEST_HEADERS = {
  "If-Match": headerParameter("If-Match", "The ETag of the version that may be changed. Without it, it is the latest."),
  "If-None-Match": headerParameter("If-None-Match", "`*`: only if there is no view of this name."),
};

function headerParameter(name: string, description: string): JsonSchema {
  return { name, in: "header", description, required: false, schema: { type: "string" } };
}

function answerOf({ words, schema, headers = [], events, example }: DeclaredAnswer): JsonSchema {
  return {
    description: words,
    ...headers.length > 0 && { headers: headersOf(headers) },
    ...schema !== undefined && {
      content: {
        "application/json": schema === "OpenAPI" ? { schema: { type: "object" } } : media(schema, example),
        ...events !== undefined && { "text/event-stream": { schema: eventSchema(events) } },
      },
    },
  };
}

/** Each event of a stream, as OpenAPI 3.2 describes them: https://spec.openapis.org/oas/v3.2.0.html#server-sent-event-streams */
function eventSchema(description: string): JsonSchema {
  return {
    type: "object",
    description,
    required: ["event", "data"],
    properties: {
      event: { enum: ["changed", "gone", "reset"] },
      data: { type: "string", contentMediaType: "application/json" },
    },
  };
}

function media(schema: SchemaName, own?: unknown): JsonSchema {
  const example = own ?? API_EXAMPLES[schema as keyof typeof API_EXAMPLES];
  return { schema: refTo(schema), ...example !== undefined && { example } };
}

/** One answer for all kinds of problems with the same status. */
function refusalOf(kinds: readonly DeclaredProblem[]): JsonSchema {
  const description = kinds.map(({ kind, meaning }) => `\`${kind}\`: ${meaning}`).join(" ");
  const headers = kinds.flatMap((
    { headers = [], mayRetry },
  ) => [...headers, ...mayRetry ? ["Retry-After" as const] : []]);
  const types = kinds.map(({ kind }) => `urn:view-gateway:${kind}`);
  return problemResponseOf(description, {
    allOf: [refTo("Problem"), { type: "object", required: ["type"], properties: { type: { enum: types } } }],
  }, headers);
}

function problemResponseOf(
  description: string,
  schema: JsonSchema = refTo("Problem"),
  headers: readonly AnswerHeader[] = [],
): JsonSchema {
  return {
    description,
    ...headers.length > 0 && { headers: headersOf(headers) },
    content: { "application/problem+json": { schema } },
  };
}

function headersOf(names: readonly AnswerHeader[]): JsonSchema {
  return Object.fromEntries(
    names.map((name) => [name, { description: ANSWER_HEADERS[name], schema: { type: "string" } }]),
  );
}

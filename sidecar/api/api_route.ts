import type { validate } from "@view-gateway/types";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import type { AnswerHeader } from "./description/answer_headers.ts";
import type { ProblemKind } from "./description/problem_kinds.ts";
import { type Queries, validQuery } from "./valid_query.ts";

export type ApiMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A schema that values are validated against. */
export type SchemaName = Parameters<typeof validate>[0];

/** An answer that is no problem. */
export interface DeclaredAnswer {
  /** What it tells, in one sentence. */
  readonly words: string;
  /** The schema of its JSON; undefined where it has no body. */
  readonly schema?: SchemaName | "OpenAPI";
  readonly headers?: readonly AnswerHeader[];
  /** A value of it, where that of the schema would mislead. */
  readonly example?: unknown;
  /** What its events are, where it can also be a stream of server-sent events. */
  readonly events?: string;
}

export interface ApiBody {
  readonly schema: SchemaName;
  readonly type: "application/json" | "application/merge-patch+json";
}

/** What a route says of itself. Problems that all routes share are in route_problems.ts. */
export interface Declaration<Query extends keyof Queries> {
  readonly operationId: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What a reader must know besides. */
  readonly description?: string;
  readonly query?: Query;
  readonly body?: ApiBody;
  /** Headers of the request that it heeds. */
  readonly requestHeaders?: readonly ("If-Match" | "If-None-Match")[];
  /** The answers that are no problems, by status. */
  readonly answers: Readonly<Record<number, DeclaredAnswer>>;
  /** Its own kinds of problems. */
  readonly problems: readonly ProblemKind[];
}

/** What the API does for one method of one path. */
export interface ApiRoute extends Declaration<keyof Queries> {
  readonly method: ApiMethod;
  readonly path: string;
  readonly answer: (c: ApiContext, options: ApiOptions) => Response | Promise<Response>;
}

/** A route whose handler gets only a valid query. */
export function route<Name extends keyof Queries = "NoQuery">(
  request: `${ApiMethod} /_api/${string}`,
  declaration: Declaration<Name>,
  answer: (c: ApiContext, options: ApiOptions, query: Queries[Name]) => Response | Promise<Response>,
): ApiRoute {
  const [method, path] = request.split(" ") as [ApiMethod, string];
  return {
    ...{ method, path, ...declaration },
    answer: (c, options) => {
      const valid = validQuery(declaration.query ?? "NoQuery" as Name, c.req.url);
      return valid instanceof Response ? valid : answer(c, options, valid.value);
    },
  };
}

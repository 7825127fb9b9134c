import {
  type LakeQuery,
  type NoQuery,
  type Problem,
  schemas,
  unknownWord,
  validate,
  type ViewsQuery,
  type WakeQuery,
  type WatchQuery,
} from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";

/** The query parameters of paths, by the names of their schemas. */
export interface Queries {
  readonly LakeQuery: LakeQuery;
  readonly NoQuery: NoQuery;
  readonly ViewsQuery: ViewsQuery;
  readonly WakeQuery: WakeQuery;
  readonly WatchQuery: WatchQuery;
}

type Mistake = NonNullable<Problem["parameters"]>[number];

/**
 * The query parameters of a URL, or the answer with every mistake in them. An unknown parameter is a mistake: a filter with a
 * misspelt name would otherwise fit all.
 */
export function validQuery<Name extends keyof Queries>(
  shape: Name,
  url: string,
): { readonly value: Queries[Name] } | Response {
  const { searchParams } = new URL(url);
  const names = [...new Set(searchParams.keys())];
  const { properties } = schemas.definitions[shape] as { properties: Readonly<Record<string, { type?: string }>> };
  const known = names.filter((name) => Object.hasOwn(properties, name));
  const result = validate(
    shape,
    Object.fromEntries(known.map((name) => [name, valueOf(searchParams.get(name)!, properties[name]?.type)])),
  );
  const mistakes: readonly Mistake[] = [
    ...names.filter((name) => !known.includes(name)).map((name) => unknown(name, Object.keys(properties))),
    ...known.filter((name) => searchParams.getAll(name).length > 1)
      .map((name) => ({ name, detail: "must be there once" })),
    ..."errors" in result ? result.errors.map(({ pointer, detail }) => ({ name: pointer.slice(1), detail })) : [],
  ];
  return "errors" in result || mistakes.length > 0 ? invalidQuery(mistakes) : result as { value: Queries[Name] };
}

function valueOf(text: string, type: string | undefined): unknown {
  return type === "integer" && /^-?[0-9]{1,9}$/.test(text) ? Number(text) : text;
}

function unknown(name: string, known: readonly string[]): Mistake {
  return { name, detail: unknownWord(name, known, "no query parameters") };
}

/** The answer with these mistakes. */
function invalidQuery(parameters: readonly Mistake[]): Response {
  const detail = parameters.map(({ name, detail }) => `${name} ${detail}`).join("; ");
  return problemResponse(
    problem(400, "invalid-query", /[?]$/.test(detail) ? detail : `${detail}.`, { parameters: [...parameters] }),
  );
}

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../gen/api.ts";
import type { Answer, Request as HttpRequest } from "./http.ts";

/** A client of the API whose types are generated from docs/openapi.json, as any program can have one. */
export type ApiClient = Client<paths, Media>;

/** The stories read no streams of events by it. */
type Media = "application/json";

export type ViewResource = components["schemas"]["ViewResource"];
export type ViewSpec = Omit<components["schemas"]["CreateView"], "name">;
export type ViewPatch = components["schemas"]["ViewPatch"];

/** A client whose requests go the given way. */
export function apiClient(send: (request: HttpRequest) => Promise<Answer>): ApiClient {
  return createClient<paths, Media>({
    baseUrl: "http://gateway",
    fetch: async (request: Request) => {
      const { pathname, search } = new URL(request.url);
      const answer = await send({
        method: request.method as NonNullable<HttpRequest["method"]>,
        path: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
        ...request.body !== null && { body: await request.text() },
      });
      const headers = new Headers();
      for (const [name, values] of Object.entries(answer.headers)) {
        for (const value of [values ?? []].flat()) headers.append(name, value);
      }
      // An answer without content may have no body: https://fetch.spec.whatwg.org/#null-body-status
      return new Response(answer.status === 204 ? null : answer.text, { status: answer.status, headers });
    },
  });
}

/** The value of a good answer. @throws Error with the problem of any other */
export function dataOf<T>({ data, error, response }: {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}): T {
  if (data === undefined) throw new Error(`The API answered ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

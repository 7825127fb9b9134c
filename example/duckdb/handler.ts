/** The view's HTTP: its page, the tables it has, and queries. */
import { version } from "@duckdb/node-api";
import type { Database } from "./database.ts";
import { query, QueryError } from "./query.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./tables.ts";
import type { View } from "./view.ts";

export type Handler = (request: Request) => Promise<Response>;

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const status = { invalid: 400, refused: 403, timeout: 504 };
/** The longest text of a query. */
const longest = 100_000;

const headers = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

export function handlerOf(
  view: View,
  settings: Settings,
  database: Database,
  tables: Tables,
  assets: ReadonlyMap<string, Asset>,
): Handler {
  const writes = view.subsets.some(({ access }) => access === "readwrite");

  async function ask(request: Request): Promise<Response> {
    // A page of another origin can send a form, but not JSON, without asking first; and this view never says yes.
    if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) {
      return json({ error: 'Send JSON: {"sql": "…"}' }, 415);
    }
    const text = await request.text();
    const sql = text.length <= longest ? sqlOf(text) : undefined;
    if (sql === undefined) return json({ error: `Send {"sql": "…"} of at most ${longest} characters` }, 422);
    const { rows, queryMilliseconds: milliseconds } = settings;
    try {
      // A query may name a table that nobody has asked for yet.
      await tables.all();
      return json(
        await database.use((connection) =>
          query(connection, sql, { rows, milliseconds, writes, signal: request.signal })
        ),
      );
    } catch (error) {
      if (error instanceof QueryError) return json({ error: error.message }, status[error.reason]);
      throw error;
    }
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const reads = request.method === "GET" || request.method === "HEAD";
    if (pathname === "/query") return request.method === "POST" ? await ask(request) : notAllowed("POST");
    if (!reads) return notAllowed("GET, HEAD");
    if (pathname === "/healthz") return new Response("ok\n");
    if (pathname === "/tables") {
      return json({ view: view.name, version: version(), rows: settings.rows, tables: await tables.all() });
    }
    const asset = assets.get(pathname);
    if (asset === undefined) return json({ error: `There is no ${pathname}` }, 404);
    return new Response(asset.body, { headers: { "content-type": asset.type, "cache-control": "no-cache" } });
  }

  return async (request) => {
    let response: Response;
    try {
      response = await answer(request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.error(JSON.stringify({ level: "error", message: "cannot answer", error: message }));
      response = json({ error: message }, 500);
    }
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
}

function sqlOf(text: string): string | undefined {
  try {
    const { sql } = JSON.parse(text);
    return typeof sql === "string" ? sql : undefined;
  } catch {
    return undefined;
  }
}

function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store" } });
}

function notAllowed(allow: string): Response {
  return new Response(null, { status: 405, headers: { allow } });
}

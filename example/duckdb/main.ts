/** A view that asks its subsets of the lake in SQL. */
import { type Asset, type Handler, handlerOf } from "./handler.ts";
import { readCredentials } from "./credentials.ts";
import { Database } from "./database.ts";
import { poolPodOf } from "./pool_pod.ts";
import { settingsOf } from "./settings.ts";
import { Tables } from "./tables.ts";
import { type View, viewOf } from "./view.ts";

// How long requests are still accepted after SIGTERM, until everybody knows that this pod ends.
const lameDuck = 500;
// How long requests that run when the listener closes may take to end.
const grace = 10_000;

const files = new Map([
  ["/", ["index.html", "text/html; charset=utf-8"]],
  ["/tokens.css", ["tokens.css", "text/css; charset=utf-8"]],
  ["/theme.css", ["theme.css", "text/css; charset=utf-8"]],
  ["/page.css", ["page.css", "text/css; charset=utf-8"]],
  ["/page.js", ["page.js", "text/javascript; charset=utf-8"]],
]);

async function assetsOf(directory: URL): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const [path, [name = "", type = ""]] of files) {
    assets.set(path, { type, body: await Deno.readFile(new URL(name, directory)) });
  }
  return assets;
}

function log(message: string, more: Readonly<Record<string, unknown>> = {}): void {
  console.error(JSON.stringify({ level: "info", message, ...more }));
}

async function main(): Promise<void> {
  const get = (name: string) => Deno.env.get(name);
  const settings = settingsOf(get);
  // Beside this module when it is bundled.
  const assets = await assetsOf(new URL("page/", import.meta.url));
  const database = await Database.open(settings);
  const serve = async (view: View): Promise<Handler> => {
    await database.confine(view.subsets, () => readCredentials(get));
    const tables = new Tables(database, view.subsets);
    // Nobody waits for these yet, but a person who opens the page will.
    tables.all().then((all) => log("tables", { tables: all.map(({ name, problem }) => ({ name, problem })) }));
    return handlerOf(view, settings, database, tables, assets);
  };
  const pod = poolPodOf(get, serve);
  const handler = pod === undefined ? await serve(viewOf(get)) : (request: Request) => pod.answer(request);

  const server = Deno.serve({
    hostname: settings.host,
    port: settings.port,
    onListen: ({ port }) => log("serving", { port, startedMilliseconds: performance.now() }),
  }, handler);

  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, resolve);
  });
  log("ending");
  // Nobody has sent a request to a pod that is no view.
  if (pod === undefined || pod.assigned) {
    await wait(lameDuck);
    await Promise.race([server.shutdown(), wait(grace)]);
  }
  database.close();
  Deno.exit(0);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

try {
  await main();
} catch (error) {
  console.error(JSON.stringify({ level: "error", message: "cannot serve", error: String(error) }));
  Deno.exit(1);
}

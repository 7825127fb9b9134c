import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { startApiFor, viewNamed } from "../../sidecar/api/testing/views_api.ts";
import { PERSON_HEADER } from "../../sidecar/api/testing/people.ts";
import type { ViewPhase } from "../../sidecar/view/state.ts";
import { until } from "../process/until.ts";
import { InstalledPlugin, type Ran } from "./testing/installed_plugin.ts";

const TOKEN = "the-token.of-ada";
const plugin = await InstalledPlugin.build();

/** The gateway's API on a port, where the token is Ada's, who may do everything. */
function gateway(more: (request: Request, url: URL) => Response | undefined = () => undefined) {
  const phases: Record<string, ViewPhase> = {
    sales: { kind: "asleep", ended: undefined },
    broken: { kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no such\x1b[2J image" } },
  };
  const views = Object.entries(phases).map(([name, phase]) => viewNamed(name, phase));
  const { api, written } = startApiFor({ ada: ["list", "get", "create", "patch", "delete", "open"] }, ...views);
  const seen: { readonly request: string; readonly headers: Headers }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const url = new URL(request.url);
    seen.push({ request: `${request.method} ${url.pathname}${url.search}`, headers: request.headers });
    const headers = new Headers(request.headers);
    const token = headers.get("authorization");
    if (token === `Bearer ${TOKEN}`) headers.set(PERSON_HEADER, "ada");
    return more(request, url) ?? api.fetch(new Request(request, { headers }));
  });
  return {
    address: `http://views.localhost:${server.addr.port}`,
    seen,
    written,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Without a context, whatever the kubeconfig of this machine has. */
const ENV = { VIEW_GATEWAY_TOKEN: TOKEN, KUBECONFIG: "/dev/null" };

const start = (...args: string[]) => plugin.start(plugin.file, args, ENV);

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await plugin.run(plugin.file, args, { ...ENV, ...env });
  ok(!`${ran.out}${ran.err}`.includes(TOKEN), "the token is shown");
  return ran;
}

Deno.test("list has the views of all pages, by a token that goes to the gateway alone", async () => {
  await using to = gateway();
  const { code, out } = await run(["list", `--gateway=${to.address}`]);
  equal(code, 0);
  match(out, /^NAME +PHASE .*\nbroken +failed \(ErrImagePull\) .*\nsales +asleep /);
  const { host } = new URL(to.address);
  deepEqual(to.seen.map(({ headers }) => [headers.get("host"), headers.get("authorization")]), [[
    host,
    `Bearer ${TOKEN}`,
  ]]);
  deepEqual((await run(["list", "-o", "name", "--phase=asleep"], { VIEW_GATEWAY: to.address })).out, "sales\n");
  const json = JSON.parse((await run(["list", "-q", "al", "-o", "json"], { VIEW_GATEWAY: to.address })).out);
  deepEqual([json.total, json.items[0].name], [1, "sales"]);
  match((await run(["list", "-q", "zzz"], { VIEW_GATEWAY: to.address })).err, /^No view fits the filters\.\n$/);
});

Deno.test("list follows each page", async () => {
  const page = (names: readonly string[], next?: string) =>
    Response.json({ items: names.map((name) => ({ name })), total: 3, ...next && { next } });
  await using to = gateway((_, url) =>
    url.searchParams.has("after") ? page(["c"]) : page(["a", "b"], "/_api/views?limit=500&after=b")
  );
  equal((await run(["list", "--output=name", `--gateway=${to.address}`])).out, "a\nb\nc\n");
});

Deno.test("create sends what the options say, and a dry run sends nothing", async () => {
  await using to = gateway();
  const args = ["create", "new", "--subset", "lake/sales/:readwrite", "--idle=5m", "--share-user=bob"];
  const dry = await run([...args, "--dry-run"]);
  deepEqual(JSON.parse(dry.out), {
    ...{ name: "new", subsets: [{ bucket: "lake", prefix: "sales/", access: "readwrite" }] },
    ...{ idleSeconds: 300, access: { users: ["bob"] } },
  });
  equal(to.seen.length, 0);
  // The API of this test has no lake.
  const { code, out, err } = await run(["create", "new", "--idle=5m", `--gateway=${to.address}`]);
  deepEqual([code, err], [0, ""]);
  match(out, /^View new is created: http:\/\/new\.localhost:\d+\/\n$/);
  const again = await run(["create", "new", "--idle=1s", `--gateway=${to.address}`]);
  equal(again.code, 1);
  match(again.err, /^error: .*idleSeconds/s);
});

Deno.test("wake, sleep, restart, delete and open act on the view; why explains it", async () => {
  await using to = gateway();
  const at = (...args: string[]) => run(args, { VIEW_GATEWAY: to.address });
  match((await at("wake", "sales")).out, /^View sales is asleep/);
  match((await at("open", "sales", "--print-only")).out, /^http:\/\/sales\.localhost:\d+\/\n$/);
  match(
    (await at("why", "broken")).out,
    /^broken has failed \(ErrImagePull\)\.\n {2}no such \[2J image\n\nWhat to do: /,
  );
  equal((await at("delete", "sales")).code, 0);
  deepEqual(to.written, [["start", "sales"], ["sales", "service-of-sales"]]);
});

Deno.test("a wake that waits ends by the view, not by the first answer, and tells a failure by its status", async () => {
  let asked = 0;
  const view = (phase: string) => ({
    name: "sales",
    phase,
    createdAt: "2026-01-01T00:00:00Z",
    route: { url: "http://s/" },
  });
  await using to = gateway((_, url) =>
    url.pathname.endsWith("/sales/wake")
      ? Response.json(view(asked++ === 0 ? "starting" : "awake"), { status: asked === 1 ? 202 : 200 })
      : undefined
  );
  const waited = await run(["wake", "sales", "--wait", "--timeout=30s", `--gateway=${to.address}`]);
  deepEqual([waited.code, waited.out, asked], [0, "View sales is awake: http://s/\n", 2]);
  const problem = {
    type: "urn:view-gateway:view-failed",
    title: "Conflict",
    status: 409,
    detail: "View sales cannot start: no",
  };
  await using failing = gateway(() =>
    Response.json(problem, { status: 409, headers: { "content-type": "application/problem+json" } })
  );
  const failed = await run(["wake", "sales", "--wait", `--gateway=${failing.address}`]);
  deepEqual([failed.code, failed.err], [3, "error: View sales cannot start: no\nSee more: kubectl view why sales\n"]);
});

/** A stream of a view's phases, whose connection ends when they are over, or stays. */
function watched(phases: readonly string[], stays: boolean): Response {
  const events = phases.map((phase) =>
    `event: changed\ndata: ${
      JSON.stringify({ name: "sales", phase, ...phase === "failed" && { cause: { reason: "E", message: "no" } } })
    }\n\n`
  );
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const event of [": hello\n\n", ...events]) controller.enqueue(new TextEncoder().encode(event));
      if (!stays) controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

Deno.test("wait follows a view over streams that end, and says by its status how it went", async () => {
  const streams = [["asleep", "starting"], ["starting", "awake"]];
  await using to = gateway((_, url) => url.search === "?watch" ? watched(streams.shift() ?? [], false) : undefined);
  const awake = await run(["wait", "sales", `--gateway=${to.address}`]);
  deepEqual([awake.code, awake.out], [0, "sales is awake.\n"]);
  match(awake.err, /^sales is asleep\. It wakes at its next request: kubectl view wake sales\n$/);
  const ends = async (phases: readonly string[], ...args: string[]) => {
    await using one = gateway(() => watched(phases, true));
    const { code, err } = await run(["wait", "sales", ...args, `--gateway=${one.address}`]);
    return [code, err];
  };
  deepEqual(await ends(["starting", "failed"]), [3, "error: no\nSee more: kubectl view why sales\n"]);
  deepEqual(await ends(["awake"], "--for=asleep", "--timeout=1s"), [
    2,
    "error: View sales was not asleep within 1 s. sales is awake.\n",
  ]);
  deepEqual(await ends(["failed"], "--for=failed"), [0, ""]);
  await using gone = gateway(() => new Response("event: gone\ndata: {}\n\n"));
  const deleted = await run(["wait", "sales", `--gateway=${gone.address}`]);
  deepEqual([deleted.code, deleted.err], [1, "error: View sales is deleted, or you may not see it any more.\n"]);
});

Deno.test("wait asks again and again where a gateway has no streams", async () => {
  let asked = 0;
  const unknown = {
    type: "urn:view-gateway:invalid-query",
    title: "Bad Request",
    status: 400,
    detail: "watch is not known",
  };
  await using to = gateway((_, url) =>
    url.search === "?watch"
      ? Response.json(unknown, { status: 400, headers: { "content-type": "application/problem+json" } })
      : Response.json({ name: "sales", phase: asked++ === 0 ? "starting" : "awake" })
  );
  deepEqual((await run(["wait", "sales", `--gateway=${to.address}`])).out, "sales is awake.\n");
  equal(asked, 2);
});

Deno.test("each mistake has a clear sentence", async () => {
  await using to = gateway();
  const said = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { code, out, err } = await run(args, { VIEW_GATEWAY: to.address, ...env });
    deepEqual([code, out], [1, ""], args.join(" "));
    doesNotMatch(err, /\n +at /);
    return err;
  };
  match(await said(["lits"]), /unknown command 'lits'\n\(Did you mean list\?\)/);
  match(await said(["list", "--phas", "awake"]), /unknown option '--phas'\n\(Did you mean --phase\?\)/);
  match(await said(["list", "--phase=up"]), /Allowed choices are asleep, starting, awake, failed/);
  match(await said(["wait", "sales", "--timeout=soon"]), /It must be a duration, such as 90s/);
  match(await said(["open", "salse"]), /^error: There is no view salse\. Did you mean sales\?\n$/);
  match(await said(["list"], { VIEW_GATEWAY: "" }), /No gateway is named\. Set VIEW_GATEWAY/);
  match(await said(["list"], { VIEW_GATEWAY: "http://127.0.0.1:9" }), /refused|blocked/);
  match(
    await said(["list"], { VIEW_GATEWAY: "https://nobody.invalid" }),
    /There is no host of the name in https:\/\/nobody\.invalid/,
  );
  match(await said(["list"], { VIEW_GATEWAY_TOKEN: "" }), /does not know who you are\. Give a token: by --token-file/);
  match(await said(["list"], { VIEW_GATEWAY_TOKEN: "not-adas" }), /does not accept your token/);
  match(await said(["list", "--token-file=/nonexistent"]), /The token cannot be read from \/nonexistent/);
  await using other = gateway(() => new Response("<html>", { status: 404 }));
  match(await said(["list", `--gateway=${other.address}`]), /answers 404, but not as a view gateway does/);
  await using away = gateway(() => new Response(null, { status: 302, headers: { location: "https://evil.example/" } }));
  match(await said(["list", `--gateway=${away.address}`]), /sends you to https:\/\/evil\.example\//);
});

Deno.test("a refusal says each mistake once", async () => {
  const invalid = {
    ...{ type: "urn:view-gateway:invalid-view", title: "Unprocessable Content", status: 422 },
    detail: "The view is not valid: /name must be short.",
    errors: [{ pointer: "/name", detail: "must be short" }, { pointer: "/template", detail: "is unknown" }],
  };
  await using to = gateway(() =>
    Response.json(invalid, { status: 422, headers: { "content-type": "application/problem+json" } })
  );
  const { err } = await run(["create", "sales", `--gateway=${to.address}`]);
  equal(err, "error: The view is not valid: /name must be short.\n  /template is unknown\n");
});

Deno.test("a token file that others can read is used with a warning", async () => {
  await using to = gateway();
  const file = join(plugin.directory, "authorization");
  await Deno.writeTextFile(file, `Authorization: Bearer ${TOKEN}\n`, { mode: 0o600 });
  const listed = () =>
    run(["list", "-o", "name", `--token-file=${file}`, `--gateway=${to.address}`], { VIEW_GATEWAY_TOKEN: "" });
  deepEqual(await listed(), { code: 0, out: "broken\nsales\n", err: "" });
  await Deno.chmod(file, 0o644);
  const { code, err } = await listed();
  deepEqual([code, err], [0, `warning: other users of this machine can read or change ${file}: chmod 600 ${file}\n`]);
});

Deno.test("a reader that goes early ends the command quietly", async () => {
  const many = Array.from({ length: 20_000 }, (_, at) => ({ name: `view-${at}` }));
  await using to = gateway(() => Response.json({ items: many, total: many.length }));
  const child = start("list", "--output=name", `--gateway=${to.address}`);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  equal(await new Response(child.stderr).text(), "");
  equal((await child.status).code, 141);
});

Deno.test("Ctrl-C ends a wait cleanly", async () => {
  await using to = gateway(() => watched(["starting"], true));
  const child = start("wait", "sales", `--gateway=${to.address}`);
  await until("the stream is open", () => to.seen.length > 0, { milliseconds: 20_000 });
  child.kill("SIGINT");
  const [err, out] = await Promise.all([child.stderr, child.stdout].map((stream) => new Response(stream).text()));
  deepEqual([(await child.status).code, out, err], [130, "", "Stopped by SIGINT.\n"]);
});

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import type { ViewState } from "../../view/state.ts";
import { CONSOLE_FILES } from "./console_files.ts";
import { MADE_UP_TEMPLATES } from "../testing/made_up_templates.ts";
import { believing, PERSON_HEADER, rightsWith } from "../testing/people.ts";
import { problemIn, startApi, startApiFor, startApiWith, viewNamed } from "../testing/views_api.ts";

const subsets = [{ bucket: "lake", prefix: "payroll/" }];
const alices: ViewState = { ...viewNamed("alices"), owner: "oidc:alice", spec: { subsets } };
const open: ViewState = { ...viewNamed("open"), owner: "oidc:alice", spec: { subsets, public: true }, public: true };
const bobs: ViewState = { ...viewNamed("bobs"), owner: "oidc:bob" };

/** Opens this page as this person's browser does. */
function consoleAt(path: string, person: string, ...states: ViewState[]) {
  return consoleFor(person, "session", states, path);
}

async function consoleFor(
  person: string | undefined,
  by: "token" | "session" = "session",
  states: readonly ViewState[] = [],
  path = "/",
) {
  const authenticator = {
    authenticate: async (headers: Headers) => {
      const who = await believing.authenticate(headers, new AbortController().signal);
      return who.kind === "known" ? { ...who, by } : who;
    },
  };
  const { api } = startApiWith(
    {
      authenticator: authenticator as typeof believing,
      rights: rightsWith({ "oidc:root": ["list"] }),
      signIn: (request, view) =>
        Promise.resolve(
          new Response(null, { status: 303, headers: { location: `/_auth/?${view}`, path: request.url } }),
        ),
    },
    alices,
    open,
    bobs,
    ...states,
  );
  const response = await api.request(path, {
    headers: {
      ...person !== undefined && { [PERSON_HEADER]: person },
      ...{ accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    },
  });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const viewsIn = (html: string) =>
  [...html.matchAll(/<a class="button" href="http:\/\/([a-z]+)\.localhost/g)].map(([, name]) => name);

Deno.test("a browser without a session is sent to the sign-in; a program gets 401", async () => {
  const { status, headers } = await consoleFor(undefined);
  deepEqual([status, headers.get("location")], [303, "/_auth/?undefined"]);
  const api = startApiFor({});
  problemIn(await api.send(undefined, "GET", "/"), 401, "sign-in");
  equal((await consoleFor("unknown")).status, 503);
});

Deno.test("the page shows the signed-in user, their views, and public views", async () => {
  const { html } = await consoleFor("oidc:alice");
  deepEqual(viewsIn(html), ["alices", "open"]);
  match(html, /Signed in as <b>oidc:alice/);
  match(html, /lake\/payroll\//);
  equal(html.match(/>public</g)?.length, 1);
  deepEqual(viewsIn((await consoleFor("oidc:bob")).html), ["bobs", "open"]);
  deepEqual(viewsIn((await consoleFor("oidc:root")).html), ["alices", "bobs", "open"]);
});

Deno.test("of a public view, the page shows other users its name and phase only", async () => {
  const { html } = await consoleFor("oidc:mallory");
  deepEqual(viewsIn(html), ["open"]);
  ok(!html.includes("payroll"));
  ok(!html.includes("oidc:alice"));
});

Deno.test("a session has a form to sign out, and a token has none", async () => {
  const session = await consoleFor("oidc:alice");
  match(session.html, /<form [^>]*method="post" action="\/_auth\/sign-out">/);
  match(session.headers.get("content-security-policy") ?? "", /form-action 'self'/);
  equal(session.headers.get("referrer-policy"), "same-origin");
  const token = await consoleFor("oidc:alice", "token");
  ok(!/Sign out/.test(token.html));
});

Deno.test("where nobody signs in, the page says so and shows all", async () => {
  const { api } = startApiWith({}, alices, bobs);
  const html = await (await api.request("/")).text();
  match(html, /Everybody who reaches this gateway may/);
  deepEqual(viewsIn(html), ["alices", "bobs"]);
});

Deno.test("the page has a limit, also where many views are open to everybody", async () => {
  const many = Array.from(
    { length: 150 },
    (_, i): ViewState => ({ ...viewNamed(`v${"x".repeat(i + 1)}`), public: true }),
  );
  const { html } = await consoleFor("oidc:bob", "session", many);
  equal(viewsIn(html).length, 100);
  match(html, /<a [^>]*href="\/\?after=v[x]+">Next page/);
});

Deno.test("a page of the console loads its script and its look from the gateway, and nothing else", async () => {
  const { api } = startApiWith({}, alices);
  const response = await api.request("/");
  const html = await response.text();
  equal(
    response.headers.get("content-security-policy"),
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src data:; form-action 'self'; " +
      "script-src 'self'; style-src 'self'; connect-src 'self'",
  );
  const paths = [...html.matchAll(/(?:<script[^>]* src|<link rel="stylesheet" href)="([^"]*)"/g)].map(([, path]) =>
    path!
  );
  deepEqual(paths.map((path) => path.replace(/[0-9a-f]{32}/, "DIGEST")).sort(), [
    "/_console/DIGEST.css",
    "/_console/DIGEST.js",
  ]);
  ok(!/ on[a-z]+=| style=/.test(html));
  for (const path of paths) {
    const plain = await api.request(path);
    equal(plain.headers.get("cache-control"), "public, max-age=31536000, immutable");
    const packed = await api.request(path, { headers: { "accept-encoding": "br, gzip" } });
    equal(packed.headers.get("content-encoding"), "gzip");
    const unpacked = new Response(packed.body!.pipeThrough(new DecompressionStream("gzip")));
    equal(await unpacked.text(), await plain.text());
    const head = await api.request(path, { method: "HEAD" });
    deepEqual([head.status, await head.text()], [200, ""]);
  }
});

Deno.test("files of the console need no sign-in; other names than those of this version are not there", async () => {
  const api = startApiFor({});
  const { api: hono } = startApiWith({ authenticator: believing });
  equal((await hono.request(CONSOLE_FILES.script)).status, 200);
  problemIn(await api.send(undefined, "GET", `/_console/${"0".repeat(32)}.js`), 404, "not-found");
  problemIn(await api.send(undefined, "POST", CONSOLE_FILES.script), 405, "method-not-allowed");
});

Deno.test("no text of a view ends the data in the page, or becomes markup", async () => {
  const evil = `</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"'&amp;`;
  const { api } = startApiWith({ templates: () => MADE_UP_TEMPLATES }, {
    ...viewNamed("evil", { kind: "failed", job: "job-1", cause: { reason: evil, message: evil } }),
    owner: evil,
    spec: { subsets: [{ bucket: "lake", prefix: evil }] },
  });
  for (const path of ["/", "/views/evil", "/views/evil/edit", `/?q=${encodeURIComponent(evil)}`]) {
    const html = await (await api.request(path)).text();
    const pages = [...html.matchAll(/<script type="application\/json" id="page">([^]*?)<\/script>/g)];
    equal(pages.length, 1, path);
    const data = pages[0]![1]!;
    ok(!data.includes("<"), path);
    const text = JSON.stringify(JSON.parse(data));
    ok(text.includes(JSON.stringify(evil).slice(1, -1)), path);
    ok(!/<script>|<img|<!--/.test(html), path);
  }
});

Deno.test("a view that is not there is a page for a browser, and a problem for a program", async () => {
  const { api, ask } = startApi(alices);
  const page = await api.request("/views/none", {
    headers: { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
  });
  equal(page.status, 404);
  match(await page.text(), /<h1>Not Found<\/h1>/);
  problemIn(await ask("GET", "/views/none"), 404, "unknown-view");
});

Deno.test("an open page asks for its data alone", async () => {
  const { api } = startApiWith({}, alices, bobs);
  const response = await api.request("/?q=ali", { headers: { accept: "application/json", host: "localhost:8080" } });
  match(response.headers.get("content-type") ?? "", /^application\/json/);
  const { views, total, query, origin } = await response.json();
  deepEqual([views.map(({ name }: { name: string }) => name), total, query], [["alices"], 1, { q: "ali" }]);
  equal(origin, "http://localhost:8080");
});

Deno.test("the page has the filters of the API's list, and empty fields of a form are none", async () => {
  const { html } = await consoleAt("/?q=&phase=&owner=oidc%3Aalice", "oidc:root");
  deepEqual(viewsIn(html), ["alices", "open"]);
  deepEqual(viewsIn((await consoleAt("/?phase=awake", "oidc:root")).html), []);
  const wrong = await consoleAt("/?phase=sleeping", "oidc:root");
  equal(wrong.status, 400);
  match(wrong.html, /<h1>Bad Request<\/h1>/);
});

Deno.test("a search for an owner does not find public views of theirs that the user may not see", async () => {
  deepEqual(viewsIn((await consoleAt("/?owner=oidc%3Aalice", "oidc:mallory")).html), []);
  deepEqual(viewsIn((await consoleAt("/?q=op", "oidc:mallory")).html), ["open"]);
});

Deno.test("pages follow each other, of what the user may see and of public views", async () => {
  const many = Array.from({ length: 120 }, (_, i): ViewState => ({ ...viewNamed(`w${"x".repeat(i)}`), public: true }));
  const { html } = await consoleAt("/", "oidc:bob", ...many);
  const [, next] = /href="(\/\?after=[^"]*)">Next page/.exec(html) ?? [];
  const second = viewsIn((await consoleAt(next!, "oidc:bob", ...many)).html);
  deepEqual([...viewsIn(html), ...second], ["bobs", "open", ...many.map(({ name }) => name)]);
});

Deno.test("an empty list has a manifest that creates what the API would create", async () => {
  const here = startApi();
  const response = await here.api.request("/", { headers: { accept: "application/json" } });
  const { manifest } = await response.json();
  await here.post({ name: "hello", subsets: [] });
  deepEqual(parse(manifest), here.written[0]);
});

Deno.test("the page of all views reads one view more than it shows, whatever their number", async () => {
  const read: number[] = [];
  const all = Array.from({ length: 300 }, (_, i) => viewNamed(`view-${1000 + i}`));
  const { api } = startApiWith({
    views: {
      size: all.length,
      get: (name) => all.find((view) => view.name === name),
      page: (after, limit) => {
        const page = all.filter(({ name }) => name > after).slice(0, limit);
        read.push(page.length);
        return page;
      },
      until: () => Promise.reject(new Error("Nobody waits.")),
    },
  });
  const response = await api.request("/?after=view-1099", { headers: { accept: "application/json" } });
  const { views, total, next } = await response.json();
  deepEqual([views[0].name, views.length, total, next], ["view-1100", 100, 300, "/?after=view-1199"]);
  deepEqual(read, [101]);
});

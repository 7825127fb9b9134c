import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ViewState } from "../view/state.ts";
import { believing, PERSON_HEADER, rightsWith } from "./testing/people.ts";
import { problemIn, startApiFor, startApiWith, viewNamed } from "./testing/views_api.ts";

const subsets = [{ bucket: "lake", prefix: "payroll/" }];
const alices: ViewState = { ...viewNamed("alices"), owner: "oidc:alice", spec: { subsets } };
const open: ViewState = { ...viewNamed("open"), owner: "oidc:alice", spec: { subsets, public: true }, public: true };
const bobs: ViewState = { ...viewNamed("bobs"), owner: "oidc:bob" };

/** Opens `/` as this person's browser does. */
async function consoleFor(person: string | undefined, by: "token" | "session" = "session", ...states: ViewState[]) {
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
  const response = await api.request("/", {
    headers: {
      ...person !== undefined && { [PERSON_HEADER]: person },
      ...{ accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    },
  });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const viewsIn = (html: string) => [...html.matchAll(/<a href="http:\/\/([a-z]+)\.localhost/g)].map(([, name]) => name);

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
  ok(!/<button/.test(token.html));
  match(token.headers.get("content-security-policy") ?? "", /form-action 'none'/);
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
  const { html } = await consoleFor("oidc:bob", "session", ...many);
  equal(viewsIn(html).length, 100);
  match(html, /There are more/);
});

import { deepEqual, equal } from "node:assert/strict";
import type { Opening, OpeningHead } from "../access/opening.ts";
import { viewState } from "../view/testing/view_state.ts";
import { viewGuard } from "./view_guard.ts";

const OPEN: Opening = { kind: "open", identity: undefined, cookie: undefined, withoutAuthorization: false };
const DENIED: Opening = { kind: "denied", denial: { kind: "sign-in", view: "hello" } };

function guarded(opening: Opening | undefined, synced: Promise<void> = Promise.resolve()) {
  const heads: OpeningHead[] = [];
  const mayOpen = (head: OpeningHead) => {
    heads.push(head);
    return Promise.resolve(opening!);
  };
  const views = {
    get: (name: string) => name === "hello" ? viewState() : undefined,
    untilSynced: (signal: AbortSignal) =>
      Promise.race([
        synced,
        new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]),
  };
  const openings = opening && { mayOpen };
  const handler = viewGuard({ views, openings, baseHost: "localhost", syncLimit: 10 }, () => new Response("next"));
  const ask = async (host: string, path = "/_gate/progress") => {
    const response = await handler(new Request(`http://sidecar${path}`, { headers: { host } }));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { heads, ask };
}

Deno.test("a user who may open a view sees its start, and gets a new cookie for an old one", async () => {
  const { heads, ask } = guarded({ ...OPEN, setCookie: "__Host-view=new" });
  const { text, headers } = await ask("Hello.localhost:8080");
  deepEqual([text, headers.get("set-cookie")], ["next", "__Host-view=new"]);
  deepEqual(heads.map(({ name, view, method }) => [name, view?.name, method]), [["hello", "hello", "GET"]]);
});

Deno.test("an anonymous probe gets the same answer for a view and for none", async () => {
  const { heads, ask } = guarded(DENIED);
  const answers = [await ask("hello.localhost", "/healthz"), await ask("nope.localhost", "/healthz")];
  deepEqual(answers.map(({ status, text }) => [status, JSON.parse(text).type]), [
    [401, "urn:view-gateway:sign-in"],
    [401, "urn:view-gateway:sign-in"],
  ]);
  equal(answers[0]!.headers.get("www-authenticate"), 'Bearer realm="view-gateway"');
  deepEqual(heads.map(({ view }) => view?.name), ["hello", undefined]);
});

Deno.test("the base host, and hosts that name no view, are not a view's", async () => {
  const { heads, ask } = guarded(DENIED);
  for (const host of ["localhost", "a.b.localhost", "example.com"]) equal((await ask(host)).text, "next");
  equal(heads.length, 0);
});

Deno.test("a view that changes while its right is asked for is asked about again", async () => {
  let version = 1;
  const views = {
    get: () => viewState(undefined, { resourceVersion: String(version) }),
    untilSynced: () => Promise.resolve(),
  };
  const asked: (string | undefined)[] = [];
  const openings = {
    mayOpen: ({ view }: OpeningHead) => {
      asked.push(view?.resourceVersion);
      // Its owner takes it back from everybody at this very moment.
      return Promise.resolve(version++ === 1 ? OPEN : (version = 2, DENIED));
    },
  };
  const handler = viewGuard({ views, openings, baseHost: "localhost" }, () => new Response("next"));
  const response = await handler(
    new Request("http://sidecar/_gate/progress", { headers: { host: "hello.localhost" } }),
  );
  deepEqual([response.status, asked], [401, ["1", "2"]]);
});

Deno.test("where everybody may open all views, nothing is asked", async () => {
  equal((await guarded(undefined).ask("hello.localhost")).text, "next");
});

Deno.test("before the first sync, a request waits a moment: the view may be public", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { heads, ask } = guarded(OPEN, promise);
  const { status, headers } = await ask("hello.localhost");
  deepEqual([status, headers.get("retry-after"), heads.length], [503, "2", 0]);
  resolve();
  equal((await ask("hello.localhost")).text, "next");
});

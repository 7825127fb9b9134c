import { deepEqual, equal, match } from "node:assert/strict";
import { Quota } from "../../async/quota.ts";
import type { ViewState } from "../../view/state.ts";
import type { ApiOptions } from "../api_options.ts";
import { EventReader } from "./testing/event_reader.ts";
import { believing, PERSON_HEADER, type Rbac, rightsWith } from "../testing/people.ts";
import { startApiWith, viewNamed } from "../testing/views_api.ts";
import { ViewWatches } from "./view_watches.ts";

const OWN = "oidc:alice";
const starting = (name: string) => viewNamed(name, { kind: "starting", job: "job-1", step: "no pod" });
const of = (owner: string | undefined, state: ViewState): ViewState => ({ ...state, owner });

/** The API, whose streams gather changes for no time, with people who have these rights. */
function start(rbac: Rbac, states: readonly ViewState[], change: Partial<ApiOptions> = {}) {
  const rights = rightsWith(rbac);
  const api = startApiWith(
    { authenticator: believing, rights, watchTiming: { flush: 0 }, ...change },
    ...states,
  );
  const follow = async (person: string, path: string, init: RequestInit = {}) => {
    const headers = { host: "localhost:8080", [PERSON_HEADER]: person, ...init.headers as Record<string, string> };
    return await api.api.request(path, { ...init, headers });
  };
  return {
    ...api,
    rights,
    follow,
    watch: async (person: string, path: string) => new EventReader(await follow(person, path)),
  };
}

Deno.test("who may list views is told each change of all of them, in the words of the list", async () => {
  const { put, watch, follow, ask } = start({ bob: ["list"] }, [viewNamed("hello")]);
  const response = await follow("bob", "/_api/views?watch");
  deepEqual(
    ["content-type", "cache-control"].map((name) => response.headers.get(name)),
    ["text/event-stream; charset=utf-8", "no-store"],
  );
  const reader = new EventReader(response);
  put("hello", starting("hello"));
  await reader.until(1);
  put("hello", undefined);
  put("other", viewNamed("other"));
  await reader.until(3);
  deepEqual(reader.told, ["changed hello starting", "gone hello", "changed other asleep"]);
  const list = await ask("GET", "/_api/views", { headers: { [PERSON_HEADER]: "bob" } });
  deepEqual(reader.events.at(-1)?.data, list.body.items[0]);
  match(reader.text, /^retry: 1000\n\n/);
  await reader.cancel();
  await (await watch("bob", "/_api/views?watch=true")).cancel();
});

Deno.test("a stream tells no name of a view that the person never saw, and says when one goes out of sight", async () => {
  const alices = of(OWN, viewNamed("alices"));
  const { put, watch } = start({}, [alices, of("oidc:bob", viewNamed("secret"))]);
  const reader = await watch(OWN, "/_api/views?watch");
  put("secret", of("oidc:bob", starting("secret")));
  put("secret", undefined);
  put("born", of("oidc:bob", viewNamed("born")));
  const shared = { ...of("oidc:bob", viewNamed("born")), spec: { subsets: [], access: { users: [OWN] } } };
  put("alices", of(OWN, starting("alices")));
  await reader.until(1);
  put("born", { ...shared, resourceVersion: "7" });
  await reader.until(2);
  put("born", { ...of("oidc:bob", viewNamed("born")), resourceVersion: "8" });
  put("alices", undefined);
  await reader.until(4);
  deepEqual(reader.told, ["changed alices starting", "changed born asleep", "gone born", "gone alices"]);
  equal(reader.text.includes("secret"), false);
  await reader.cancel();
});

Deno.test("the filters of the list hold for the stream, and its pages do not: a view that fits no more is gone", async () => {
  const { put, watch } = start({ bob: ["list"] }, [viewNamed("hello"), viewNamed("other")]);
  const reader = await watch("bob", "/_api/views?watch&phase=asleep&q=hel&limit=1&after=z");
  put("other", starting("other"));
  put("hello", starting("hello"));
  await reader.until(1);
  put("hello", { ...starting("hello"), resourceVersion: "9" });
  put("other", undefined);
  put("help", viewNamed("help"));
  await reader.until(2);
  deepEqual(reader.told, ["gone hello", "changed help asleep"]);
  await reader.cancel();
});

Deno.test("one of a few views that RBAC lets a person get is asked about once for each version, not for each event", async () => {
  const { put, watch, rights } = start({ carol: ["get mine"] }, [viewNamed("mine"), viewNamed("other")]);
  const reader = await watch("carol", "/_api/views?watch");
  for (let i = 1; i <= 20; i++) {
    put("other", starting("other"));
    put("mine", i % 2 === 0 ? viewNamed("mine") : starting("mine"));
    await reader.until(i);
    put("other", viewNamed("other"));
  }
  put("mine", { ...viewNamed("mine"), resourceVersion: "2" });
  await reader.until(21);
  deepEqual([...new Set(reader.told)], ["changed mine starting", "changed mine asleep"]);
  deepEqual(Map.groupBy(rights.asked, (asked) => asked).get("get mine")?.length, 2);
  deepEqual(Map.groupBy(rights.asked, (asked) => asked).get("get other")?.length, 1);
  await reader.cancel();
});

Deno.test("where there are many views, nobody asks about those of strangers", async () => {
  const many = Array.from({ length: 101 }, (_, i) => viewNamed(`view-${i}`));
  const { put, watch, rights } = start({}, many);
  const reader = await watch(OWN, "/_api/views?watch");
  put("view-1", starting("view-1"));
  put("mine", of(OWN, viewNamed("mine")));
  await reader.until(1);
  deepEqual(reader.told, ["changed mine asleep"]);
  deepEqual(rights.asked, ["list undefined"]);
  await reader.cancel();
});

Deno.test("several changes of a view become one event while a stream waits", async () => {
  const { put, watch } = start({ bob: ["list"] }, [viewNamed("hello")], { watchTiming: { flush: 20 } });
  const reader = await watch("bob", "/_api/views?watch");
  put("hello", starting("hello"));
  await reader.until(1);
  for (let i = 0; i < 50; i++) put("hello", { ...viewNamed("hello"), resourceVersion: String(i) });
  put("hello", undefined);
  await reader.until(2);
  deepEqual(reader.told, ["changed hello starting", "gone hello"]);
  await reader.cancel();
});

Deno.test("more changes than a stream may keep become one reset", async () => {
  const { put, watch } = start({ bob: ["list"] }, []);
  const reader = await watch("bob", "/_api/views?watch");
  for (let i = 0; i < 600; i++) put(`view-${i}`, viewNamed(`view-${i}`));
  await reader.until(1);
  put("last", viewNamed("last"));
  await reader.until(2);
  deepEqual(reader.told, ["reset", "changed last asleep"]);
  await reader.cancel();
});

Deno.test("the stream of one view has its state first, then each change, and ends when it is gone", async () => {
  const { put, watch, follow } = start({ carol: ["get hello"] }, [viewNamed("hello"), viewNamed("other")]);
  const reader = await watch("carol", "/_api/views/hello?watch");
  await reader.until(1);
  put("other", starting("other"));
  put("hello", starting("hello"));
  await reader.until(2);
  put("hello", undefined);
  await reader.rest();
  deepEqual(reader.told, ["changed hello asleep", "changed hello starting", "gone hello"]);
  equal((await follow("carol", "/_api/views/hello?watch")).status, 404);
  equal((await follow("carol", "/_api/views/other?watch")).status, 403);
});

Deno.test("a stream ends where nobody can say any more whether the person may see a view", async () => {
  const mine = of("oidc:unreviewed", viewNamed("hello"));
  const { put, watch } = start({}, [mine]);
  const reader = await watch("oidc:unreviewed", "/_api/views/hello?watch");
  await reader.until(1);
  put("hello", { ...of(OWN, mine), resourceVersion: "2" });
  await reader.rest();
  deepEqual(reader.told, ["changed hello asleep"]);
});

Deno.test("streams have heartbeats and an end, and a limit for each user", async () => {
  const watches = (each: number) => new ViewWatches({ subscribe: () => {} }, new Quota({ each, total: 9 }));
  const quick = { watches: watches(1), watchTiming: { heartbeat: 5, limit: 20 } };
  const { follow, watch } = start({ bob: ["list"], eve: ["list"] }, [], quick);
  const reader = await watch("bob", "/_api/views?watch");
  const full = await follow("bob", "/_api/views?watch");
  deepEqual([full.status, full.headers.get("retry-after")], [503, "5"]);
  equal((await full.json()).detail, "bob already follows views by 1 streams.");
  await (await watch("eve", "/_api/views?watch")).cancel();
  await reader.rest();
  match(reader.text, /^retry: 1000\n\n(:\n\n)+$/);
  equal((await follow("bob", "/_api/views?watch", { method: "HEAD" })).status, 200);
  equal(quick.watches.quota.used, 0);
});

Deno.test("a gateway that closes ends its streams, and opens none", async () => {
  const closing = new AbortController();
  const { watch, follow } = start({ bob: ["list"] }, [], { closing: closing.signal });
  const reader = await watch("bob", "/_api/views?watch");
  closing.abort();
  await reader.rest();
  equal((await follow("bob", "/_api/views?watch")).status, 503);
});

Deno.test("a watch takes no other value than true, and serves no other origin", async () => {
  const { follow } = start({ bob: ["list", "get"] }, [viewNamed("hello")]);
  const refusal = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await follow("bob", path, { headers });
    const { type, detail } = await answer.json();
    return [answer.status, type.split(":").at(-1), detail];
  };
  deepEqual(await refusal("/_api/views?watch=no"), [400, "invalid-query", "watch takes no value, or true."]);
  deepEqual(await refusal("/_api/views/hello?watch=1"), [400, "invalid-query", "watch takes no value, or true."]);
  const foreign = await refusal("/_api/views/hello?watch", { "sec-fetch-site": "same-site" });
  deepEqual(foreign.slice(0, 2), [403, "cross-origin"]);
});

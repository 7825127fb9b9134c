import { deepEqual, equal, ok } from "node:assert/strict";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { listIn, startApiFor, startApiWith, viewNamed } from "./testing/views_api.ts";

const starting: ViewPhase = { kind: "starting", job: "job-1", step: "no pod" };
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const view = (name: string, owner: string, phase?: ViewPhase): ViewState => ({ ...viewNamed(name, phase), owner });
const VIEWS = [
  view("costs-2024", "oidc:bob"),
  view("sales-2024", "oidc:alice", awake),
  view("sales-2025", "oidc:alice"),
  view("sales-2026", "oidc:bob", starting),
  view("stock", "oidc:alice", awake),
];
const RBAC = { "oidc:root": ["list"], "oidc:anna": ["get costs-2024", "get stock"] } as const;
const listFor = async (api: ReturnType<typeof startApiFor>, who: string, path: string) => {
  const { items, total, next } = listIn(await api.send(who, "GET", path));
  return { names: items.map(({ name }) => name), total, next };
};

Deno.test("a list has the views that fit all its filters, and says how many there are on all pages", async () => {
  const api = startApiFor(RBAC, ...VIEWS);
  const list = async (query: string) => {
    const { names, total } = await listFor(api, "oidc:root", `/_api/views?${query}`);
    return [names, total];
  };
  deepEqual(await list("limit=1"), [["costs-2024"], 5]);
  deepEqual(await list("phase=awake"), [["sales-2024", "stock"], 2]);
  deepEqual(await list("owner=oidc:alice"), [["sales-2024", "sales-2025", "stock"], 3]);
  deepEqual(await list("owner=oidc:ali"), [[], 0]);
  deepEqual(await list("q=ales"), [["sales-2024", "sales-2025", "sales-2026"], 3]);
  deepEqual(await list("q=SALES-2"), [["sales-2024", "sales-2025", "sales-2026"], 3]);
  deepEqual(await list("q="), [VIEWS.map(({ name }) => name), 5]);
  deepEqual(await list("q=2024&owner=oidc:alice&phase=awake"), [["sales-2024"], 1]);
  deepEqual(await list("after=sales-2024&q=sales&limit=1"), [["sales-2025"], 3]);
});

Deno.test("the next page has the same filters", async () => {
  const api = startApiFor({ "oidc:root": ["list"] }, ...VIEWS.map((view) => ({ ...view, owner: "oidc:Zoë & +1" })));
  const query = `owner=${encodeURIComponent("oidc:Zoë & +1")}&q=2&limit=3`;
  const first = await listFor(api, "oidc:root", `/_api/views?${query}`);
  deepEqual([first.names, first.total], [["costs-2024", "sales-2024", "sales-2025"], 4]);
  deepEqual(await listFor(api, "oidc:root", first.next!), { names: ["sales-2026"], total: 4, next: undefined });
});

Deno.test("filters and the total tell nothing of views that the user may not see", async () => {
  const few = startApiFor(RBAC, ...VIEWS);
  const others = Array.from({ length: 200 }, (_, i) => view(`sales-x${i}`, "oidc:eve", awake));
  const many = startApiFor(RBAC, ...VIEWS, ...others);
  for (const api of [few, many]) {
    const list = async (who: string, query: string) => {
      const { names, total } = await listFor(api, who, `/_api/views?limit=1&${query}`);
      return [names, total];
    };
    deepEqual(await list("oidc:alice", ""), [["sales-2024"], 3]);
    deepEqual(await list("oidc:alice", "q=sales"), [["sales-2024"], 2]);
    deepEqual(await list("oidc:alice", "owner=oidc:bob"), [[], 0]);
    deepEqual(await list("oidc:bob", "phase=awake"), [[], 0]);
    deepEqual(await list("oidc:mallory", "q=sales"), [[], 0]);
  }
  deepEqual(await listFor(few, "oidc:anna", "/_api/views?phase=awake"), {
    names: ["stock"],
    total: 1,
    next: undefined,
  });
});

Deno.test("a filter among 10,000 views asks Kubernetes one question, whatever the user may see", async () => {
  const states = Array.from(
    { length: 10_000 },
    (_, i) => view(`view-${String(i).padStart(5, "0")}`, i % 100 === 7 ? "oidc:bob" : "oidc:alice"),
  );
  for (const [who, total] of [["oidc:bob", 19], ["oidc:root", 1_900]] as const) {
    const rights = rightsWith({ "oidc:root": ["list"] });
    const api = startApiWith({ authenticator: believing, rights }, ...states);
    const list = await listFor(api, who, "/_api/views?q=10&phase=asleep&limit=10");
    ok(list.total > 0);
    equal(list.total, states.filter(({ name, owner }) => name.includes("10") && (total > 100 || owner === who)).length);
    equal(list.names.length, Math.min(10, list.total));
    deepEqual(rights.asked, ["list undefined"]);
  }
});

import { deepEqual, equal, match } from "node:assert/strict";
import type { Invalid, Subset } from "@view-gateway/types";
import type { Grants } from "../view/grants.ts";
import type { ViewState } from "../view/state.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { problemIn, startApiWith, viewNamed } from "./testing/views_api.ts";

const sales: Subset = { bucket: "lake", prefix: "sales/" };
const secret: Subset = { bucket: "lake", prefix: "secret/" };
const grants: Grants = { kind: "bounded", grants: [{ groups: ["oidc:sales"], subsets: [sales] }] };
const hello: ViewState = { ...viewNamed("hello"), owner: "oidc:sam", spec: { subsets: [secret] } };
const sam = "oidc:sam in oidc:sales";

const start = (grants: Grants) =>
  startApiWith({
    authenticator: believing,
    rights: rightsWith({ "oidc:sam": ["create"], "oidc:root": ["create", "patch"] }),
    grants: () => grants,
    lake: { credentialsEndAt: () => Promise.resolve(undefined) },
  }, hello);

Deno.test("POST of a view within the person's grants creates it; of one beyond them names the subset and the nearest grant", async () => {
  const api = start(grants);
  const asking = (subsets: readonly Subset[], who = sam) =>
    api.send(who, "POST", "/_api/views", { name: "new", subsets });
  for (
    const [subsets, pointers] of [
      [[sales, { bucket: "lake", prefix: "sales-secret/" }], ["/subsets/1"]],
      [[{ bucket: "lake" }], ["/subsets/0"]],
      [[{ ...sales, access: "readwrite" }], ["/subsets/0"]],
      [[secret, { bucket: "other", prefix: "sales/" }], ["/subsets/0", "/subsets/1"]],
    ] as const
  ) {
    const { errors, detail, view } = problemIn(await asking(subsets), 403, "beyond-grants");
    deepEqual(errors.map(({ pointer }: Invalid) => pointer), pointers);
    match(detail, /your nearest grant is read of lake\/sales\//);
    equal(view, "new");
  }
  match(problemIn(await asking([sales], "oidc:root"), 403, "beyond-grants").detail, /you have no grants/);
  deepEqual(api.written, []);
  deepEqual(api.audited.at(-1), {
    action: "denied",
    user: "oidc:root",
    view: "new",
    verb: "create",
    by: "token",
    reason: "beyond-grants",
  });
  equal((await asking([{ bucket: "lake", prefix: "sales/2025" }])).status, 201);
  equal((await asking([], "oidc:root")).status, 201);
});

Deno.test("PATCH asks for a grant for what it adds, and for nothing that was there", async () => {
  const api = start(grants);
  const change = async (body: object, who = sam) => await api.send(who, "PATCH", "/_api/views/hello", body);
  for (
    const subsets of [[secret, { bucket: "lake" }], [{ ...secret, access: "readwrite" }], [{
      bucket: "lake",
      prefix: "secre",
    }]]
  ) {
    problemIn(await change({ subsets }), 403, "beyond-grants");
  }
  problemIn(await change({ subsets: [secret, sales] }, "oidc:root"), 403, "beyond-grants");
  deepEqual(api.written, []);
  equal((await change({ access: { everyone: true } })).status, 200);
  equal((await change({ subsets: [sales, { bucket: "lake", prefix: "secret/part/" }] })).status, 200);
});

Deno.test("without usable grants nobody gets new subsets, and each answer has the cause", async () => {
  const cause = "There is no ConfigMap who-has-what of grants.";
  const api = start({ kind: "unusable", cause });
  const created = await api.send(sam, "POST", "/_api/views", { name: "new", subsets: [sales] });
  const changed = await api.send(sam, "PATCH", "/_api/views/hello", { subsets: [secret, sales] });
  for (const answer of [created, changed]) {
    match(problemIn(answer, 503, "grants-unusable").detail, /There is no ConfigMap/);
  }
  deepEqual(api.written, []);
  equal((await api.send(sam, "PATCH", "/_api/views/hello", { subsets: [], idleSeconds: 90 })).status, 200);
  equal((await api.send(sam, "POST", "/_api/views", { name: "new", subsets: [] })).status, 201);
});

import { deepEqual, equal, match } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { LakeListings } from "./api_options.ts";
import type { Grants } from "../view/grants.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { forbiddenIn, problemIn, startApiWith } from "./testing/views_api.ts";

const sales: Grants = {
  kind: "bounded",
  grants: [{ users: ["oidc:ada"], subsets: [{ bucket: "lake", prefix: "sales/2026/" }] }],
};

/** The API over a lake that is made up. */
function start(grants: Grants) {
  const asked: unknown[] = [];
  const modifiedAt = "2026-01-01T00:00:00.000Z";
  const lakeListings: LakeListings = {
    buckets: (...request) => {
      asked.push(request.slice(0, 2));
      return Promise.resolve({ buckets: ["lake"], after: undefined });
    },
    folder: (...request) => {
      asked.push(request.slice(0, 3));
      const objects = [{ key: "sales/2026/a", bytes: 1, modifiedAt }];
      return Promise.resolve({ prefixes: ["sales/2026/01/"], objects, after: "t&=" });
    },
  };
  const api = startApiWith({
    authenticator: believing,
    rights: rightsWith({ "oidc:ada": ["create"] }),
    grants: () => grants,
    lakeListings,
  });
  return { ...api, asked, browse: (query = "", who = "oidc:ada") => api.send(who, "GET", `/_api/lake${query}`) };
}

Deno.test("a person lists what their grants allow, page by page, and nothing else", async () => {
  const { browse, asked, audited } = start(sales);
  const top = await browse();
  deepEqual(top.body, { buckets: [{ bucket: "lake", prefixes: ["sales/2026/"], access: "read" }] });
  const above = await browse("?bucket=lake");
  deepEqual(above.body, { bucket: "lake", prefix: "", prefixes: ["sales/"], objects: [] });
  deepEqual(asked, []);
  const inside = await browse("?bucket=lake&prefix=sales/2026");
  equal(inside.body.access, "read");
  equal(inside.body.next, "/_api/lake?bucket=lake&prefix=sales%2F2026%2F&after=t%26%3D");
  for (const { body } of [top, above, inside]) {
    deepEqual(validate("LakeListing", structuredClone(body)), { value: body });
  }
  await browse(inside.body.next.slice("/_api/lake".length));
  const place = { bucket: "lake", prefix: "sales/2026/" };
  deepEqual(asked, [["oidc:ada", place, undefined], ["oidc:ada", place, "t&="]]);

  const { detail } = problemIn(await browse("?bucket=lake&prefix=hr/"), 403, "beyond-grants");
  match(detail, /your nearest grant is read of lake\/sales\/2026\//);
  equal(asked.length, 2);
  deepEqual(audited, [
    { action: "denied", user: "oidc:ada", verb: "browse", by: "token", reason: "beyond-grants" },
  ]);
});

Deno.test("who may not create views may not browse; broken grants and a missing lake are told", async () => {
  forbiddenIn(await start(sales).browse("", "oidc:eve"));
  problemIn(await start({ kind: "unusable", cause: "It is broken." }).browse(), 503, "grants-unusable");
  problemIn(await startApiWith({}).ask("GET", "/_api/lake"), 404, "no-lake");
});

Deno.test("hostile buckets and prefixes never come to the lake", async () => {
  const { browse, asked } = start({ kind: "unbounded" });
  for (const bucket of ["../x", "evil.example/x", "a?b", "lake%0d%0a", "LAKE", "..", "a@b", "lake%2F..%2Fx"]) {
    problemIn(await browse(`?bucket=${bucket}`), 400, "invalid-query");
  }
  for (const prefix of ["../", "a/../b", "a//b", "/", "a%0d%0ab", "a%5Cb"]) {
    problemIn(await browse(`?bucket=lake&prefix=${prefix}`), 400, "invalid-query");
  }
  for (const prefix of ["x".repeat(1_024), "%C3%BC".repeat(400)]) {
    problemIn(await browse(`?bucket=lake&prefix=${prefix}`), 422, "prefix-too-long");
  }
  problemIn(await browse("?bucket=lake&list-type=2"), 400, "invalid-query");
  deepEqual(asked, []);
  equal((await browse()).status, 200);
});

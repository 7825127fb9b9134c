import { deepEqual, equal } from "node:assert/strict";
import type { Opening } from "../access/opening.ts";
import { openedHeaders } from "./opened_headers.ts";

type Open = Opening & { readonly kind: "open" };

const NOBODY: Open = { kind: "open", identity: undefined, cookie: undefined, withoutAuthorization: false };
const ALICE: Open = {
  ...NOBODY,
  identity: { user: "oidc:alice", email: "a@example.com", groups: ["oidc:a", "oidc:b"] },
};

Deno.test("the view learns the user", () => {
  const { "x-envoy-auth-headers-to-remove": removed, ...set } = openedHeaders(ALICE, "sales");
  deepEqual(set, {
    "x-view": "sales",
    "x-forwarded-user": "oidc:alice",
    "x-forwarded-email": "a@example.com",
    "x-forwarded-groups": "oidc:a,oidc:b",
  });
  equal(removed, "cookie");
});

Deno.test("the view learns no user from an anonymous request, whatever its headers", () => {
  deepEqual(openedHeaders(NOBODY, "sales"), {
    "x-envoy-auth-headers-to-remove": "cookie,x-view,x-forwarded-user,x-forwarded-email,x-forwarded-groups",
  });
});

Deno.test("a user without email and groups does not get those of another", () => {
  const headers = openedHeaders({ ...NOBODY, identity: { user: "ci", groups: [] } }, "sales");
  deepEqual([headers["x-forwarded-user"], headers["x-envoy-auth-headers-to-remove"]], [
    "ci",
    "cookie,x-forwarded-email,x-forwarded-groups",
  ]);
});

Deno.test("the view keeps its own cookies, and a token that is not the gateway's", () => {
  const headers = openedHeaders({ ...ALICE, cookie: "a=1; b=2" }, "sales");
  deepEqual([headers.cookie, headers["x-envoy-auth-headers-to-remove"]], ["a=1; b=2", ""]);
});

Deno.test("a token of the gateway's goes no further, and a renewed cookie goes to the browser", () => {
  const headers = openedHeaders({ ...ALICE, withoutAuthorization: true, setCookie: "__Host-view=x" }, "sales");
  deepEqual([headers["x-envoy-auth-headers-to-remove"], headers["set-cookie"]], [
    "cookie,authorization",
    "__Host-view=x",
  ]);
});

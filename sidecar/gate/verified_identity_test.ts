import { deepEqual, equal } from "node:assert/strict";
import { headerOfText } from "../http/header_text.ts";
import { verifiedIdentity } from "./verified_identity.ts";

const SAID = { "x-view": "sales", "x-forwarded-user": "oidc:alice" };

Deno.test("the user whom Envoy has verified for this view is read from its headers", () => {
  deepEqual(verifiedIdentity(new Headers(SAID), "sales"), { user: "oidc:alice", groups: [] });
  const more = {
    "x-forwarded-user": headerOfText("oidc:Älice"),
    "x-forwarded-email": "a@example.com",
    "x-forwarded-groups": "oidc:a,oidc:b",
  };
  deepEqual(verifiedIdentity(new Headers({ ...SAID, ...more }), "sales"), {
    user: "oidc:Älice",
    email: "a@example.com",
    groups: ["oidc:a", "oidc:b"],
  });
});

Deno.test("a user of another view, or without a name, is not verified for this one", () => {
  equal(verifiedIdentity(new Headers(SAID), "other"), undefined);
  equal(verifiedIdentity(new Headers({ "x-forwarded-user": "oidc:alice" }), "sales"), undefined);
  equal(verifiedIdentity(new Headers({ "x-view": "sales" }), "sales"), undefined);
  equal(verifiedIdentity(new Headers({ ...SAID, "x-view": "sales, sales" }), "sales"), undefined);
});

import { deepEqual, equal, match, throws } from "node:assert/strict";
import { type Claims, identityOf } from "./identity_of_claims.ts";
import { SignInError } from "./identity_provider.ts";

const SETTINGS = { user: "sub", groups: "groups", prefix: "oidc:" };

/** What is said where the claims cannot be used. */
function refusal(claims: Claims, settings = SETTINGS): string {
  let said = "";
  throws(() => identityOf(claims, settings), (error: unknown) => {
    said = (error as Error).message;
    return error instanceof SignInError && error.kind === "claims" && error.status === 403;
  });
  return said;
}

Deno.test("user and groups have the prefix, so that none is one of Kubernetes' own", () => {
  deepEqual(identityOf({ sub: "system:admin", groups: ["system:masters", "analysts"] }, SETTINGS), {
    user: "oidc:system:admin",
    groups: ["oidc:system:masters", "oidc:analysts"],
  });
});

Deno.test("the configured claims are the user and the groups", () => {
  const claims = { sub: "1", preferred_username: "ada", roles: ["analysts"], groups: ["other"] };
  deepEqual(identityOf(claims, { user: "preferred_username", groups: "roles", prefix: "dex:" }), {
    user: "dex:ada",
    groups: ["dex:analysts"],
  });
});

Deno.test("one text is one group, and no claim is no group", () => {
  deepEqual(identityOf({ sub: "ada", groups: "analysts" }, SETTINGS).groups, ["oidc:analysts"]);
  deepEqual(identityOf({ sub: "ada" }, SETTINGS).groups, []);
  deepEqual(identityOf({ sub: "ada", groups: [] }, SETTINGS).groups, []);
});

Deno.test("the e-mail address counts unless the issuer says that it is not verified", () => {
  const of = (claims: Claims) => identityOf({ sub: "ada", ...claims }, SETTINGS).email;
  equal(of({ email: "ada@example.com" }), "ada@example.com");
  equal(of({ email: "ada@example.com", email_verified: true }), "ada@example.com");
  equal(of({ email: "ada@example.com", email_verified: false }), undefined);
  equal(of({ email: "ada@example.com", email_verified: "false" }), undefined);
  equal(of({ email: 7 }), undefined);
});

Deno.test("a user's name that is missing, empty or no text is refused, and the claim is named", () => {
  match(refusal({}), /says nothing of the claim sub, which OIDC_USER_CLAIM/);
  match(refusal({ sub: null }), /says nothing of the claim sub/);
  match(refusal({ sub: 7 }), /claim sub, the user's name, is a number and no text/);
  match(refusal({ sub: ["ada"] }), /is a list and no text/);
  match(refusal({ sub: "" }), /is empty/);
  match(refusal({ sub: "a".repeat(257) }), /more than 256 characters/);
});

Deno.test("an address that is not verified is nobody's name", () => {
  const settings = { ...SETTINGS, user: "email" };
  match(refusal({ email: "ada@example.com", email_verified: false }, settings), /has not verified/);
  equal(identityOf({ email: "ada@example.com", email_verified: true }, settings).user, "oidc:ada@example.com");
});

Deno.test("groups of another type are refused, and so are too many", () => {
  match(refusal({ sub: "ada", groups: { analysts: true } }), /claim groups, the user's groups, is an object/);
  match(refusal({ sub: "ada", groups: 7 }), /is a number and no list/);
  match(refusal({ sub: "ada", groups: ["analysts", 7] }), /has a number in its list/);
  const many = Array.from({ length: 1_001 }, (_, i) => `group-${i}`);
  match(refusal({ sub: "ada", groups: many }), /has 1001 groups, more than 1000\. Let the issuer/);
});

Deno.test("groups that the issuer keeps elsewhere are not taken for none", () => {
  const overage = { sub: "ada", _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://x" } } };
  match(refusal(overage), /leaves out the claim groups, since the user has too many/);
});

Deno.test("nothing is repaired: a name without its odd characters is another's", () => {
  for (const sub of ["a\r\nda", "ada\0", " ada", "ada\u0085", "ada\u2028", "\ud800da"]) {
    match(refusal({ sub }), /claim sub, the user's name, has control characters, or spaces around it/);
  }
  const groups = ["analysts\n", "\ud800x", " b", "c\u2028d", "good"];
  deepEqual(identityOf({ sub: "ada", email: "a\0@example.com", groups }, SETTINGS), {
    user: "oidc:ada",
    groups: ["oidc:good"],
  });
});

Deno.test("a group that would be read as two is left out, and so are empty, double and very long ones", () => {
  const groups = ["a,system:masters", "", "analysts", "analysts", "g".repeat(257)];
  deepEqual(identityOf({ sub: "ada", groups }, SETTINGS).groups, ["oidc:analysts"]);
});

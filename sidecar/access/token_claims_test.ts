import { deepEqual, equal } from "node:assert/strict";
import { tokenWith } from "./testing/tokens.ts";
import { bearerTokenIn, claimsOf, hasTokenForGateway, isForGateway } from "./token_claims.ts";

Deno.test("a bearer token is read from its header, whatever the scheme's case", () => {
  equal(bearerTokenIn("Bearer a.b.c"), "a.b.c");
  equal(bearerTokenIn("bearer  a.b.c "), "a.b.c");
  for (const other of [null, "", "Bearer", "Basic YTpi", "Bearer a b", "AWS4-HMAC-SHA256 Credential=a", "Bearer a,b"]) {
    equal(bearerTokenIn(other), undefined, String(other));
  }
});

Deno.test("a token's audiences and its end are read, and nothing else is a token", () => {
  deepEqual(claimsOf(tokenWith({ aud: ["a", "b"], exp: 12.5 })), { audiences: ["a", "b"], until: 12 });
  deepEqual(claimsOf(tokenWith({ aud: "a" })), { audiences: ["a"], until: undefined });
  deepEqual(claimsOf(tokenWith({ aud: [1, null] })), { audiences: [], until: undefined });
  for (
    const other of [
      "",
      "abc",
      "a.b",
      "a.b.c",
      "a.bm8.c",
      `${tokenWith({ aud: "a" })}.d`,
      tokenWith([]) + "x".repeat(20_000),
    ]
  ) {
    equal(claimsOf(other), undefined, other.slice(0, 20));
  }
});

Deno.test("a token for the gateway is distinguished from a view's own", () => {
  const forGateway = (claims: object) => isForGateway(`Bearer ${tokenWith(claims)}`);
  equal(forGateway({ aud: ["view-gateway"] }), true);
  equal(forGateway({ aud: ["https://kubernetes.default.svc", "view-gateway"] }), true);
  equal(forGateway({ aud: ["view-gateway-2"] }), false);
  equal(forGateway({}), false);
  equal(isForGateway("Basic YTpi"), false);
  equal(isForGateway(null), false);
});

Deno.test("a token for the gateway is found anywhere in the header", () => {
  const [token, other] = [tokenWith({ aud: "view-gateway" }), tokenWith({ aud: "other" })];
  for (
    const header of [`Bearer ${token}`, `Basic YTpi,Bearer ${token}`, `Bearer ${other}, bearer\t${token}`, `"${token}"`]
  ) {
    equal(hasTokenForGateway(header), true, header);
  }
  for (const header of [null, "", "Basic YTpi", `Bearer ${other}`, "Bearer view-gateway", "a.".repeat(30_000)]) {
    equal(hasTokenForGateway(header), false, String(header).slice(0, 20));
  }
});

import { equal, rejects } from "node:assert/strict";
import type { Configuration } from "openid-client";
import { ENDS_AT_ONCE, OpenIdProvider } from "./open_id_provider.ts";
import { attemptText } from "./sign_in_attempt.ts";

Deno.test("attempts that end in a crowd ask the issuer a few at a time, and the others are told so", async () => {
  let asked = 0;
  const { promise, reject } = Promise.withResolvers<Configuration>();
  const configuration = () => {
    asked++;
    return promise;
  };
  const provider = new OpenIdProvider({
    settings: {
      issuer: "https://issuer.example",
      clientId: "gateway",
      clientSecretFile: undefined,
      scopes: "openid",
      claims: { user: "sub", groups: "groups", prefix: "oidc:" },
      address: undefined,
      caFile: "",
    },
    issuer: { configuration, answering: configuration },
    now: () => 0,
    turn: 10,
  });
  const redirectUri = "https://views.example/_auth/callback";
  const attempt = attemptText({ state: "s", nonce: "n", verifier: "v", redirectUri });
  const end = () => provider.finish(`${redirectUri}?state=s&code=invented`, attempt);
  const first = Array.from({ length: ENDS_AT_ONCE }, () => end().catch(() => "ended"));
  await rejects(end(), { kind: "issuer-unavailable", message: /Too many people/ });
  equal(asked, ENDS_AT_ONCE);
  reject(new Error("away"));
  for (const outcome of await Promise.all(first)) equal(outcome, "ended");
});

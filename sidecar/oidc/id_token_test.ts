import { deepEqual, match, ok, rejects } from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { freePort } from "../../scripts/process/free_port.ts";
import { CLIENT } from "../../test/issuer/provider_process.ts";
import { SignInError, type SignInFailure } from "./identity_provider.ts";
import { CALLBACK, SignInGateway } from "./testing/sign_in_gateway.ts";

const KEY = await generateKeyPair("RS256", { extractable: true });
const OTHER_KEY = await generateKeyPair("RS256", { extractable: true });

interface Said {
  /** Makes the ID token of these claims, which are good by themselves. */
  readonly idToken: (claims: Record<string, unknown>) => Promise<string>;
  readonly userInfo?: Record<string, unknown>;
}

const signed = (claims: Record<string, unknown>, { alg = "RS256", key = KEY.privateKey as unknown } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: "key" }).sign(key as CryptoKey);

/** What comes of a sign-in at an issuer that says this, with the real Envoy between. */
async function signIn(said: Said): Promise<{ readonly identity: { readonly groups: readonly string[] } }> {
  let nonce: string | undefined;
  const keys = { keys: [{ ...await exportJWK(KEY.publicKey), kid: "key", alg: "RS256", use: "sig" }] };
  const port = freePort();
  const issuer = `http://localhost:${port}`;
  const server = Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, async ({ url, headers }) => {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: issuer, aud: CLIENT.id, sub: "ada", nonce, iat: now, exp: now + 60 };
    switch (new URL(url).pathname) {
      case "/token":
        return Response.json({ access_token: "access", token_type: "bearer", id_token: await said.idToken(good) });
      case "/jwks":
        return Response.json(keys);
      case "/userinfo":
        ok(headers.get("authorization") === "Bearer access");
        return Response.json(said.userInfo);
      default:
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          ...said.userInfo && { userinfo_endpoint: `${issuer}/userinfo` },
        });
    }
  });
  try {
    await using gateway = await SignInGateway.start(issuer);
    const { url, state, attempt } = await gateway.provider.begin(CALLBACK);
    nonce = new URL(url).searchParams.get("nonce")!;
    return await gateway.provider.finish(`${CALLBACK}?code=code&state=${state}`, attempt);
  } finally {
    await server.shutdown();
  }
}

async function refused(said: Said, kind: SignInFailure, message: RegExp): Promise<void> {
  await rejects(signIn(said), (error: unknown) => {
    ok(error instanceof SignInError, `${error}`);
    deepEqual(error.kind, kind, error.message);
    match(error.message, message);
    return true;
  });
}

Deno.test("an ID token of the issuer's key is taken", async () => {
  const { identity } = await signIn({ idToken: (claims) => signed({ ...claims, groups: ["analysts"] }) });
  deepEqual(identity, { user: "oidc:ada", groups: ["oidc:analysts"] });
});

Deno.test("an ID token that another has signed, or nobody, is refused", async () => {
  const unavailable = "issuer-unavailable";
  await refused(
    { idToken: (claims) => signed(claims, { key: OTHER_KEY.privateKey }) },
    unavailable,
    /answers what it must not: JWT signature verification failed/,
  );
  const secret = new TextEncoder().encode(CLIENT.secret.padEnd(32, "0"));
  await refused({ idToken: (claims) => signed(claims, { alg: "HS256", key: secret }) }, unavailable, /"alg"/);
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  await refused(
    { idToken: (claims) => Promise.resolve(`${part({ alg: "none" })}.${part(claims)}.`) },
    unavailable,
    /"alg"/,
  );
});

Deno.test("an ID token for another client, of another issuer, or that is expired, is refused", async () => {
  const cases: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ aud: "another" }, /unexpected JWT "aud"/],
    [{ iss: "https://another.example.com" }, /unexpected JWT "iss"/],
    [{ exp: Math.floor(Date.now() / 1000) - 3_600 }, /"exp"/],
    [{ sub: undefined }, /"sub"/],
    [{ nonce: undefined }, /"nonce" .* missing/],
  ];
  for (const [change, message] of cases) {
    await refused({ idToken: (claims) => signed({ ...claims, ...change }) }, "issuer-unavailable", message);
  }
});

Deno.test("what the ID token leaves out comes from UserInfo, of the same person alone", async () => {
  const userInfo = { sub: "ada", groups: ["guests"], email: "ada@example.com" };
  deepEqual((await signIn({ idToken: signed, userInfo })).identity, {
    user: "oidc:ada",
    email: "ada@example.com",
    groups: ["oidc:guests"],
  });
  await refused({ idToken: signed, userInfo: { ...userInfo, sub: "ben" } }, "issuer-unavailable", /"sub"/);
});

Deno.test("claims that cannot be used are named", async () => {
  await refused({ idToken: (claims) => signed({ ...claims, groups: 7 }) }, "claims", /claim groups, .* is a number/);
});

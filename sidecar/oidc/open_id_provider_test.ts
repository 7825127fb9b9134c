import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { IssuerBrowser } from "../../test/issuer/issuer_browser.ts";
import { PEOPLE, ProviderProcess } from "../../test/issuer/provider_process.ts";
import { SignInError, type SignInFailure } from "./identity_provider.ts";
import { CALLBACK, SignInGateway } from "./testing/sign_in_gateway.ts";

/** A real issuer, and the sign-in with the real Envoy between. */
async function started() {
  const issuer = await ProviderProcess.start({ redirectUris: [CALLBACK] });
  const gateway = await SignInGateway.start(issuer.issuer);
  return {
    ...{ issuer, gateway },
    provider: gateway.provider,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

/** The message of a sign-in that fails in this way. */
async function failure(promise: Promise<unknown>, kind: SignInFailure, status: number): Promise<string> {
  let message = "";
  await rejects(promise, (error: unknown) => {
    ok(error instanceof SignInError, `${error}`);
    deepEqual([error.kind, error.status], [kind, status], error.message);
    message = error.message;
    return true;
  });
  return message;
}

Deno.test("a person signs in with the name and groups of the issuer's claims", async () => {
  await using test = await started();
  const { url, state, attempt } = await test.provider.begin(CALLBACK);
  const asked = new URL(url).searchParams;
  deepEqual([asked.get("response_type"), asked.get("code_challenge_method"), asked.get("state")], [
    ...["code", "S256", state],
  ]);
  const callback = await new IssuerBrowser().signIn(url, "ada");
  ok(callback.startsWith(`${CALLBACK}?code=`), callback);
  const before = Math.floor(Date.now() / 1000);
  const { identity, authTime } = await test.provider.finish(callback, attempt);
  deepEqual(identity, { user: "oidc:ada", email: "ada@example.com", groups: ["oidc:analysts"] });
  ok(authTime >= before && authTime <= before + 60);
});

Deno.test("no two attempts have a secret in common, and none shows the verifier to the issuer's page", async () => {
  await using test = await started();
  const [one, two] = [await test.provider.begin(CALLBACK), await test.provider.begin(CALLBACK)];
  const parts = [one, two].map(({ attempt }) => JSON.parse(attempt) as string[]);
  for (const index of [0, 1, 2]) notEqual(parts[0]![index], parts[1]![index]);
  ok(!one.url.includes(parts[0]![2]!));
});

Deno.test("the callback of another attempt is refused, whoever's it is", async () => {
  await using test = await started();
  const [mine, other] = [await test.provider.begin(CALLBACK), await test.provider.begin(CALLBACK)];
  const callback = await new IssuerBrowser().signIn(other.url, "ben");
  const said = await failure(test.provider.finish(callback, mine.attempt), "attempt-mismatch", 400);
  match(said, /did not begin the sign-in/);
  // With the state changed to that of mine, the verifier does not fit the code.
  const forged = new URL(callback);
  forged.searchParams.set("state", mine.state);
  match(
    await failure(test.provider.finish(forged.href, mine.attempt), "attempt-mismatch", 400),
    /says that this sign-in is used, expired or another's/,
  );
});

Deno.test("an ID token with the nonce of another attempt is refused", async () => {
  await using test = await started();
  const { url, attempt } = await test.provider.begin(CALLBACK);
  const callback = await new IssuerBrowser().signIn(url, "ada");
  const [state, , ...others] = JSON.parse(attempt) as string[];
  const mixed = JSON.stringify([state, "another-nonce", ...others]);
  match(await failure(test.provider.finish(callback, mixed), "attempt-mismatch", 400), /belongs to another attempt/);
});

Deno.test("a code can be used once", async () => {
  await using test = await started();
  const { url, attempt } = await test.provider.begin(CALLBACK);
  const callback = await new IssuerBrowser().signIn(url, "ada");
  await test.provider.finish(callback, attempt);
  await failure(test.provider.finish(callback, attempt), "attempt-mismatch", 400);
});

Deno.test("a callback of another issuer is refused", async () => {
  await using test = await started();
  const { url, attempt } = await test.provider.begin(CALLBACK);
  const callback = new URL(await new IssuerBrowser().signIn(url, "ada"));
  callback.searchParams.set("iss", "https://another.example.com");
  match(
    await failure(test.provider.finish(callback.href, attempt), "attempt-mismatch", 400),
    /comes from another issuer/,
  );
});

Deno.test("what is no attempt is refused, and no error is thrown of another kind", async () => {
  await using test = await started();
  for (const attempt of ["", "{}", "[]", "null", '["a","b","c"]', '["a","b","c",7]', "not JSON"]) {
    await failure(test.provider.finish(`${CALLBACK}?code=x&state=a`, attempt), "attempt-mismatch", 400);
  }
});

Deno.test("a renewal asks the person nothing, and sees a group that was removed at the issuer", async () => {
  await using test = await started();
  const browser = new IssuerBrowser();
  const first = await test.provider.begin(CALLBACK);
  await test.provider.finish(await browser.signIn(first.url, "ada"), first.attempt);
  await test.issuer.setPeople({ ada: { ...PEOPLE.ada!, groups: [] } });
  const renewal = await test.provider.begin(CALLBACK, { silent: true });
  equal(new URL(renewal.url).searchParams.get("prompt"), "none");
  // This password would be refused if it were asked for.
  const callback = await browser.signIn(renewal.url, "ada", "wrong");
  deepEqual((await test.provider.finish(callback, renewal.attempt)).identity.groups, []);
});

Deno.test("a renewal asks for a sign-in if the person is not signed in at the issuer, or is gone there", async () => {
  await using test = await started();
  const renewal = await test.provider.begin(CALLBACK, { silent: true });
  const callback = await new IssuerBrowser().signIn(renewal.url, "ada");
  match(await failure(test.provider.finish(callback, renewal.attempt), "login-required", 401), /login_required/);

  const browser = new IssuerBrowser();
  const first = await test.provider.begin(CALLBACK);
  await test.provider.finish(await browser.signIn(first.url, "ada"), first.attempt);
  await test.issuer.setPeople({ ben: PEOPLE.ben! });
  const gone = await test.provider.begin(CALLBACK, { silent: true });
  await failure(test.provider.finish(await browser.signIn(gone.url, "ada"), gone.attempt), "login-required", 401);
});

Deno.test("a person who cancels gets an answer that says so", async () => {
  await using test = await started();
  const { state, attempt } = await test.provider.begin(CALLBACK);
  const iss = encodeURIComponent(test.issuer.issuer);
  const callback = `${CALLBACK}?error=access_denied&state=${state}&iss=${iss}`;
  match(await failure(test.provider.finish(callback, attempt), "refused", 403), /cancelled, or the issuer denies it/);
});

Deno.test("with a wrong client secret the answer says what to compare, and a new secret counts at once", async () => {
  await using test = await started();
  await test.gateway.setSecret("wrong");
  const signIn = async () => {
    const { url, attempt } = await test.provider.begin(CALLBACK);
    return await test.provider.finish(await new IssuerBrowser().signIn(url, "ada"), attempt);
  };
  const said = await failure(signIn(), "client-refused", 500);
  match(said, /does not accept this gateway as its client \(invalid_client\).*OIDC_CLIENT_SECRET_FILE/);
  ok(!said.includes("wrong"), "the secret is in no message");
  await test.gateway.setSecret("");
  match(await failure(signIn(), "client-refused", 500), /OIDC_CLIENT_SECRET_FILE .*: the file is empty/);
  await test.gateway.setSecret("secret of a test");
  equal((await signIn()).identity.user, "oidc:ada");
});

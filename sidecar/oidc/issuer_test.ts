import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { IssuerBrowser } from "../../test/issuer/issuer_browser.ts";
import { ProviderProcess } from "../../test/issuer/provider_process.ts";
import { freePort } from "../../scripts/process/free_port.ts";
import { certifiedFor } from "../testing/certified.ts";
import { eventually } from "../testing/eventually.ts";
import { SignInError } from "./identity_provider.ts";
import { CALLBACK, SignInGateway } from "./testing/sign_in_gateway.ts";

/** What people are told while the issuer cannot be used. A former answer of the issuer's counts no more. */
async function told({ provider, pass }: Pick<SignInGateway, "provider" | "pass">): Promise<string> {
  pass(10_000);
  let message = "";
  await rejects(provider.begin(CALLBACK), (error: unknown) => {
    ok(error instanceof SignInError, `${error}`);
    deepEqual([error.kind, error.status], ["issuer-unavailable", 503]);
    message = error.message;
    return true;
  });
  return message;
}

type Answer = (request: Request) => Response | Promise<Response>;

/** An issuer whose answers are the test's, and the real Envoy before it. */
async function answering(answer: Answer) {
  let current = answer;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => current(request));
  const issuer = `http://localhost:${server.addr.port}`;
  const gateway = await SignInGateway.start(issuer);
  return {
    ...{ issuer, gateway },
    ...{ provider: gateway.provider, pass: gateway.pass },
    answers: (next: Answer) => current = next,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server.shutdown();
    },
  };
}

const documentOf = (issuer: string, more: Record<string, unknown> = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ["code"],
  ...more,
});

Deno.test("an issuer that answers garbage is told by its cause, and works as soon as it answers well", async () => {
  await using test = await answering(() => new Response("<html>", { headers: { "content-type": "text/html" } }));
  const { issuer } = test;
  match(await told(test), new RegExp(`Nobody can sign in at the moment: the issuer ${issuer} answers with text/html`));
  const garbage: readonly (readonly [Answer, RegExp])[] = [
    [() => new Response("{", { headers: { "content-type": "application/json" } }), /cannot be read as JSON/],
    [() => Response.json([]), /answers what it must not/],
    [() => Response.json({}), /answers what it must not: .*issuer/],
    [() => new Response(null, { status: 404 }), /answers with the status 404/],
    [() => new Response(null, { status: 503 }), /answers with the status 503/],
    [() => Response.redirect("http://127.0.0.1:1/"), /answers with the status 302/],
    [() => Response.json(documentOf("https://another.example.com")), /names another issuer .*another\.example\.com/],
    [() => Response.json(documentOf(issuer, { jwks_uri: undefined })), /has no jwks_uri/],
    [() => Response.json(documentOf(issuer, { token_endpoint: 7 })), /has a token_endpoint that is no URL: 7/],
    [() => Response.json(documentOf(issuer, { response_types_supported: ["id_token"] })), /response type code/],
    [
      () => new Response(new Uint8Array(2 << 20), { headers: { "content-type": "application/json" } }),
      /more than 1048576/,
    ],
  ];
  for (const [answer, said] of garbage) {
    test.answers(answer);
    match(await told(test), said);
  }
  test.answers(() => Response.json(documentOf(issuer)));
  test.pass(10_000);
  ok((await test.provider.begin(CALLBACK)).url.startsWith(`${issuer}/auth?`));
});

Deno.test("only what the discovery document names over https is reached, beside the issuer itself", async () => {
  await using test = await answering(() => new Response());
  const { issuer, gateway } = test;
  for (const url of ["http://169.254.169.254/latest", "http://kubernetes.default.svc/api", "file:///etc/passwd"]) {
    for (const name of ["token_endpoint", "jwks_uri", "userinfo_endpoint", "authorization_endpoint"]) {
      test.answers(() => Response.json(documentOf(issuer, { [name]: url })));
      match(await told(test), new RegExp(`has a ${name} elsewhere that is not https`));
    }
  }
  deepEqual(gateway.reached, []);
  const elsewhere = {
    token_endpoint: "https://tokens.localhost:1/token",
    jwks_uri: "https://keys.localhost:1/certs",
    userinfo_endpoint: "https://keys.localhost:1/userinfo",
    registration_endpoint: "https://others.localhost:1/",
  };
  const reached = (url: string) =>
    gateway.client.fetch(url, { method: "GET", headers: {}, body: null, redirect: "manual" });
  test.answers(() => Response.json(documentOf(issuer, elsewhere)));
  test.pass(10_000);
  await test.provider.begin(CALLBACK);
  deepEqual(gateway.reached, [[issuer, "https://tokens.localhost:1", "https://keys.localhost:1"]]);
  await rejects(reached(elsewhere.jwks_uri), /cannot be reached: connection refused/);
  await rejects(reached(elsewhere.registration_endpoint), /Envoy has no route to it/);

  // What the document names no longer is reached no longer.
  test.answers(() => Response.json(documentOf(issuer, { token_endpoint: elsewhere.token_endpoint })));
  test.pass(10_000);
  await test.provider.begin(CALLBACK);
  await rejects(reached(elsewhere.jwks_uri), /Envoy has no route to it/);
});

Deno.test("an issuer that does not answer at all ends the wait, and requests at the same time share one attempt", async () => {
  let asked = 0;
  const hang = Promise.withResolvers<Response>();
  await using test = await answering(() => {
    asked++;
    return hang.promise;
  });
  const said = await Promise.all([told(test), told(test), told(test)]);
  for (const text of said) match(text, /does not answer in time\.$/);
  equal(asked, 1);
  hang.resolve(new Response());
});

Deno.test("the sidecar starts without its issuer, and finds it when it comes", async () => {
  const port = freePort();
  await using gateway = await SignInGateway.start(`http://localhost:${port}`);
  const stop = new AbortController();
  const running = gateway.issuer.run(stop.signal);
  match(await told(gateway), /cannot be reached: connection refused\.$/);
  await using issuer = await ProviderProcess.start({ redirectUris: [CALLBACK], port });
  const said = `People can sign in at ${issuer.issuer}`;
  await eventually("the issuer is found", () => Promise.resolve(gateway.logged.includes(said)), 20);
  stop.abort();
  await running;
  const refused = `The issuer ${issuer.issuer} cannot be reached: connection refused`;
  equal(gateway.logged.filter((line) => line === refused).length, 1, "each cause is logged once");
});

Deno.test("while the issuer is away nobody signs in, and the answer says why", async () => {
  const issuer = await ProviderProcess.start({ redirectUris: [CALLBACK] });
  await using gateway = await SignInGateway.start(issuer.issuer);
  const { url, attempt } = await gateway.provider.begin(CALLBACK);
  const callback = await new IssuerBrowser().signIn(url, "ada");
  await issuer[Symbol.asyncDispose]();
  await rejects(gateway.provider.finish(callback, attempt), (error: unknown) => {
    ok(error instanceof SignInError && error.kind === "issuer-unavailable");
    match(error.message, /cannot be reached: connection refused\.$/);
    return true;
  });
  // A browser that were sent there would have no way back.
  match(await told(gateway), /cannot be reached: connection refused\.$/);
});

Deno.test("many sign-ins at the same time ask the issuer once", async () => {
  let asked = 0;
  await using test = await answering(() => {
    asked++;
    return Response.json(documentOf(test.issuer));
  });
  for (let i = 0; i < 10; i++) await test.provider.begin(CALLBACK);
  equal(asked, 1);
  test.pass(10_000);
  await Promise.all(Array.from({ length: 10 }, () => test.provider.begin(CALLBACK)));
  equal(asked, 2);
});

Deno.test("an issuer is reached over TLS by the certificates given, under its own name", async () => {
  const certified = await certifiedFor("issuer.example.com");
  const caFile = await Deno.makeTempFile({ prefix: "issuer-ca-" });
  await Deno.writeTextFile(caFile, certified.certificate);
  await using issuer = await ProviderProcess.start({
    redirectUris: [CALLBACK],
    host: "issuer.example.com",
    certified,
  });
  await using gateway = await SignInGateway.start(issuer.issuer, { caFile });
  const { url, attempt } = await gateway.provider.begin(CALLBACK);
  ok(url.startsWith(`https://issuer.example.com:${issuer.port}/auth?`), url);
  const { identity } = await gateway.provider.finish(await new IssuerBrowser().signIn(url, "ben"), attempt);
  deepEqual(identity.groups, ["oidc:guests"]);
  await Deno.remove(caFile);
});

Deno.test("a certificate that is expired, another's or not trusted lets nobody sign in, and is named as the cause", async () => {
  const expired = await certifiedFor("issuer.example.com", new Date(Date.now() - 3_600_000));
  const unknown = await certifiedFor("issuer.example.com");
  const another = await certifiedFor("another.example.com");
  const cases = [
    [expired, expired, /has a certificate that is not accepted: certificate has expired\.$/],
    [another, another, /has a certificate that is not accepted: it is for another name\.$/],
    [unknown, another, /has a certificate that is not accepted: self.signed certificate\.$/],
  ] as const;
  for (const [certified, { certificate }, said] of cases) {
    const caFile = await Deno.makeTempFile({ prefix: "issuer-ca-" });
    await Deno.writeTextFile(caFile, certificate);
    await using issuer = await ProviderProcess.start({
      redirectUris: [CALLBACK],
      host: "issuer.example.com",
      certified,
    });
    await using gateway = await SignInGateway.start(issuer.issuer, { caFile });
    match(await told(gateway), said);
    await Deno.remove(caFile);
  }
});

Deno.test("a file of certificates that Envoy cannot read is named as the cause", async () => {
  await using gateway = await SignInGateway.start("https://issuer.example.com", { caFile: "/nowhere/ca.crt" });
  match(
    await told(gateway),
    /cannot be asked: Envoy refuses Cluster "issuer_https_issuer\.example\.com": .*\/nowhere\/ca\.crt/,
  );
});

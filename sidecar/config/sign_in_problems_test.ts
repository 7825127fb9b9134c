import { deepEqual } from "node:assert/strict";
import { readConfig } from "./config.ts";

const ISSUER = "https://issuer.example.com/realms/data";
const GOOD = { NAMESPACE: "views", AUTHENTICATION: "oidc", OIDC_ISSUER: ISSUER, OIDC_CLIENT_ID: "view-gateway" };

const problemsOf = (environment: Record<string, string>) =>
  readConfig((name) => ({ ...GOOD, ...environment } as Record<string, string>)[name]).problems;

Deno.test("an issuer and a client are all that sign-in needs", () => {
  deepEqual(problemsOf({}), []);
});

Deno.test("sign-in without issuer and client names both variables", () => {
  deepEqual(problemsOf({ OIDC_ISSUER: "", OIDC_CLIENT_ID: "" }), [
    "OIDC_ISSUER is missing, and AUTHENTICATION=oidc needs it",
    "OIDC_CLIENT_ID is missing, and AUTHENTICATION=oidc needs it",
  ]);
  deepEqual(problemsOf({ AUTHENTICATION: "kubernetes", OIDC_ISSUER: "", OIDC_CLIENT_ID: "" }), []);
});

Deno.test("an issuer that is set and wrong is not called missing", () => {
  deepEqual(problemsOf({ OIDC_ISSUER: "issuer.example.com" }), [
    'OIDC_ISSUER must match pattern "^https?://[^\\s?#@]+$", but is "issuer.example.com"',
  ]);
  deepEqual(problemsOf({ OIDC_ISSUER: "https://[issuer" }), ['OIDC_ISSUER must be a URL, but is "https://[issuer"']);
});

Deno.test("an issuer may be http on this machine and at a Service, and nowhere else", () => {
  for (const host of ["localhost:9000", "provider.localhost", "127.0.0.1:1", "[::1]:1", "dex.auth.svc"]) {
    deepEqual(problemsOf({ OIDC_ISSUER: `http://${host}` }), [], host);
  }
  for (const host of ["issuer.example.com", "localhost.example.com", "10.0.0.1", "svc", "127.evil.com"]) {
    deepEqual(problemsOf({ OIDC_ISSUER: `http://${host}` }), [
      `OIDC_ISSUER must be an https URL, since only localhost and Services (*.svc) may be http, but is "http://${host}"`,
    ]);
  }
});

Deno.test("the prefix is not empty, ends in a colon, and is not Kubernetes' own", () => {
  for (const OIDC_PREFIX of ["oidc", ":", "a,b:", "a b:"]) {
    deepEqual(problemsOf({ OIDC_PREFIX }), [
      `OIDC_PREFIX must match pattern "^[A-Za-z0-9._@/-]+:$", but is "${OIDC_PREFIX}"`,
    ]);
  }
  deepEqual(problemsOf({ OIDC_PREFIX: "system:" }), [
    'OIDC_PREFIX must not be that of Kubernetes\' own users and groups, but is "system:"',
  ]);
});

Deno.test("further mistakes are named together, each with its variable", () => {
  deepEqual(
    problemsOf({
      OIDC_CLIENT_SECRET_FILE: "secret",
      OIDC_CA_FILE: "ca.crt",
      OIDC_SCOPES: "profile email",
      OIDC_ADDRESS: "dex.auth.svc:70000",
    }).map((problem) => problem.replace(/ must .*but/, " must …, but")),
    [
      'OIDC_CLIENT_SECRET_FILE must …, but is "secret"',
      'OIDC_CA_FILE must …, but is "ca.crt"',
      'OIDC_SCOPES must …, but is "profile email"',
      'OIDC_ADDRESS must …, but is "dex.auth.svc:70000"',
    ],
  );
});

Deno.test("people sign in by https, or at localhost: a gateway that can have neither does not start", () => {
  const plain = (BASE_HOST: string, more: Record<string, string> = {}) =>
    problemsOf({ AUTHENTICATION: "kubernetes", BASE_HOST, ...more });
  deepEqual(plain("views.example"), [
    'TLS_DIRECTORY is missing, and AUTHENTICATION=kubernetes needs https where BASE_HOST (views.example) is not localhost. If a trusted proxy in front of the gateway terminates TLS, set XFF_NUM_TRUSTED_HOPS instead, which is "0"',
  ]);
  deepEqual(plain("localhost.example").length, 1);
  deepEqual(plain("views.example", { XFF_NUM_TRUSTED_HOPS: "1" }), []);
  deepEqual(plain("views.example", { TLS_DIRECTORY: "/etc/view-gateway/tls" }), []);
  deepEqual(plain("views.example", { AUTHENTICATION: "none", LET_EVERYBODY_IN: "true" }), []);
  for (const host of ["localhost", "views.localhost"]) deepEqual(plain(host), []);
});

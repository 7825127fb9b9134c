import { deepEqual, equal, match } from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { judge } from "./certificate.ts";
import { Authority } from "./testing/authority.ts";

const authority = await Authority.make();
const good = await authority.issue();
const other = await authority.issue();
const BASE_HOST = "views.test";
/** A moment after all certificates of this test are issued. */
const now = Date.now() + 60_000;
const DAY = 86_400_000;

const problemsOf = (pair: { certificate: string; key: string }, by = { baseHost: BASE_HOST, now }) =>
  judge(pair, by).problems;

Deno.test("a certificate for the base host and its views has no problem, alone or before its authority's", () => {
  deepEqual(problemsOf(good), []);
  const { certificate, problems } = judge({ ...good, certificate: good.certificate + authority.certificate }, {
    baseHost: BASE_HOST,
    now,
  });
  deepEqual(problems, []);
  equal(certificate!.validTo > now, true);
});

Deno.test("a key of another certificate is told, as are files without what they should have", () => {
  deepEqual(problemsOf({ ...good, key: other.key }), [
    "tls.key is not the key of the first certificate in tls.crt",
  ]);
  // The authority's certificate comes first.
  deepEqual(
    problemsOf({ ...good, certificate: authority.certificate + good.certificate }).slice(0, 1),
    ["tls.key is not the key of the first certificate in tls.crt"],
  );
  deepEqual(problemsOf({ certificate: "", key: "-" }), [
    "tls.crt has no certificate in PEM",
    "tls.key has no private key in PEM",
  ]);
  deepEqual(problemsOf({ certificate: good.key, key: good.certificate }), [
    "tls.crt has no certificate in PEM",
    "tls.key has no private key in PEM",
  ]);
});

Deno.test("an encrypted key is told, in either of its forms", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" });
  const old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n";
  for (const key of [String(encrypted), old]) {
    deepEqual(problemsOf({ ...good, key }), ["tls.key is encrypted, and the gateway has no passphrase"]);
  }
});

Deno.test("a certificate is good from its first day to its last", async () => {
  const notAfter = new Date(now + DAY);
  const pair = await authority.issue({ notBefore: new Date(now - DAY), notAfter });
  const at = (now: number) => problemsOf(pair, { baseHost: BASE_HOST, now });
  deepEqual(at(now), []);
  match(at(now - 2 * DAY).join(), /^tls\.crt is not valid before 2[-0-9]+T[0-9:.]+Z$/);
  match(at(now + 2 * DAY).join(), /^tls\.crt has expired on 2[-0-9]+T[0-9:.]+Z$/);
});

Deno.test("a certificate covers the base host, and the views below it", async () => {
  const named = async (...names: string[]) => problemsOf(await authority.issue({ names }));
  deepEqual(await named("*.test", "*.VIEWS.test"), []);
  deepEqual(await named("views.test"), ["tls.crt is not for *.views.test, but for views.test"]);
  deepEqual(await named("*.views.test"), ["tls.crt is not for views.test, but for *.views.test"]);
  deepEqual(await named("a.test", "b.test"), [
    "tls.crt is not for views.test and *.views.test, but for a.test, b.test",
  ]);
  deepEqual(await named("sales.views.test", "views.test.evil"), [
    "tls.crt is not for views.test and *.views.test, but for sales.views.test, views.test.evil",
  ]);
});

Deno.test("what clients refuse can be used all the same; what Envoy refuses cannot", async () => {
  const late = judge(good, { baseHost: "other.test", now: now + 3650 * DAY });
  equal(late.problems.length, 2);
  equal(late.certificate !== undefined, true);
  const mixed = judge({ ...await authority.issue({ names: ["a.test"] }), key: other.key }, {
    baseHost: BASE_HOST,
    now,
  });
  equal(mixed.problems.length, 2);
  equal(mixed.certificate, undefined);
});

import { deepEqual, equal, match } from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { judge, type JudgedBy } from "./certificate.ts";
import { Authority, selfSigned } from "./testing/authority.ts";

const authority = await Authority.make();
const good = await authority.issue();
const other = await authority.issue();
const BASE_HOST = "views.test";
/** A moment after all certificates of this test are issued. */
const now = Date.now() + 60_000;
const DAY = 86_400_000;

const BY: JudgedBy = { baseHost: BASE_HOST, http3: true, now };

const problemsOf = (pair: { certificate: string; key: string }, by: JudgedBy = BY) => judge(pair, by).problems;

Deno.test("a certificate for the base host and its views has no problem, alone or before its authority's", () => {
  deepEqual(problemsOf(good), []);
  const { certificate, problems } = judge({ ...good, certificate: good.certificate + authority.certificate }, BY);
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
  const at = (now: number) => problemsOf(pair, { ...BY, now });
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
  const late = judge(good, { ...BY, baseHost: "other.test", now: now + 3650 * DAY });
  equal(late.problems.length, 2);
  equal(late.certificate !== undefined, true);
  const mixed = judge({ ...await authority.issue({ names: ["a.test"] }), key: other.key }, BY);
  equal(mixed.problems.length, 2);
  equal(mixed.certificate, undefined);
});

Deno.test("a key is told that Envoy does not take, or with which its handshakes fail", async () => {
  const p384 = await selfSigned({ curve: "P-384" });
  deepEqual(problemsOf(p384), [
    'tls.crt has a key on the curve secp384r1, but Envoy\'s HTTP/3 takes P-256 and RSA: use one of these, or set HTTP3 to "false"',
  ]);
  deepEqual(problemsOf(p384, { ...BY, http3: false }), []);
  deepEqual(problemsOf(await selfSigned({ rsa: 2048 })), []);
  const short = judge(await selfSigned({ rsa: 1024 }), BY);
  deepEqual(short, { problems: ["tls.crt has an RSA key of 1024 bits, but Envoy takes 2048 or more"] });
  deepEqual(problemsOf(ED25519), [
    "tls.crt has a key of the type ed25519, but browsers take RSA and ECDSA",
  ]);
});

/** By `openssl req -x509 -newkey ed25519 -days 36500`, as the library makes none. */
const ED25519 = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBYDCCARKgAwIBAgIUVQm7+n664Xy5gNVQm9/QEnaYec0wBQYDK2VwMBIxEDAO
BgNVBAMMB2dhdGV3YXkwIBcNMjYxMTI4MDkxMTI0WhgPMjEyNjExMDQwOTExMjRa
MBIxEDAOBgNVBAMMB2dhdGV3YXkwKjAFBgMrZXADIQBj9QpcvI3vth4imCJrxNGr
gSnydl5kOmGdqBMZZF0FkKN4MHYwHQYDVR0OBBYEFDI2QVvWDt/W7CsQV2lw0Jsp
8HCmMB8GA1UdIwQYMBaAFDI2QVvWDt/W7CsQV2lw0Jsp8HCmMA8GA1UdEwEB/wQF
MAMBAf8wIwYDVR0RBBwwGoIKdmlld3MudGVzdIIMKi52aWV3cy50ZXN0MAUGAytl
cANBAB/FHXOUg5p+KvxMQxO5ik7EasLc7CEvGXs3adNBP/Tc6DV7unyYifIrFwp1
0QHGstKL5FGpT3sXowe3YLP1HQ4=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEID6uvhxnyaLWCUleUwyzR++EKGsv/kdcoVpxa9m5SvZB
-----END PRIVATE KEY-----
`,
};

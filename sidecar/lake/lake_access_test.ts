/** Who may read a view's part of the lake: by requests to Envoy in front of MinIO. */
import { deepEqual, equal, match } from "node:assert/strict";
import { Openings } from "../access/openings.ts";
import { ALICE, PRESENT, rightsOf, ROBOT, sessionsOf, tokensOf } from "../access/testing/people.ts";
import { bearer, tokenWith } from "../access/testing/tokens.ts";
import { ViewKey } from "../envoy/testing/view_keys.ts";
import { verifiedIdentity } from "../gate/verified_identity.ts";
import { BucketProbe } from "./bucket_probe.ts";
import { LakeGateway } from "./testing/minio_lake.ts";

const KEY = await ViewKey.make("one");
const TOKEN = bearer(tokenWith({ aud: "view-gateway" }));
const EXPIRED = { cookie: "__Host-view=expired" };

/** Two views over one object, of which nobody may open the second. */
async function start(): Promise<LakeGateway> {
  const rights = rightsOf({ kind: "allowed", why: "rbac" });
  const openings = new Openings({
    rights: {
      may: (identity, verb, view, signal) =>
        view?.name === "sales"
          ? rights.may(identity, verb, view, signal)
          : Promise.resolve({ kind: "forbidden", detail: "No." }),
    },
    tokens: tokensOf({ [TOKEN.authorization]: { kind: "known", identity: ROBOT, until: undefined } }),
    sessions: sessionsOf({ [EXPIRED.cookie]: {} }),
    verified: verifiedIdentity,
    audit: () => {},
    onOpened: () => {},
    sessionSeconds: 43_200,
    now: () => PRESENT * 1000,
  });
  const signIn = { jwks: ViewKey.jwks(KEY), openings };
  const gateway = await LakeGateway.start({ "lake/sales/2026.csv": "0123456789" }, {}, signIn);
  for (const view of ["sales", "other"]) gateway.lake.view(view, [{ bucket: "lake", prefix: "sales" }]);
  return gateway;
}

Deno.test("a view's part of the lake is for those who may open the view, and Envoy signs for nobody else", async (t) => {
  await using gateway = await start();
  const path = "lake/sales/2026.csv";
  const read = async (view: string, headers: Readonly<Record<string, string>>) => {
    const { status, body } = await gateway.ask(view, path, { headers });
    return status === 200 ? body : `${status} ${JSON.parse(body).type.split(":").at(-1)}`;
  };
  const fresh = { cookie: await KEY.cookie("sales") };

  await t.step("with a cookie, fresh or expired, or a token", async () => {
    for (const headers of [fresh, EXPIRED, TOKEN]) equal(await read("sales", headers), "0123456789");
  });

  await t.step("with a token as the session token of an S3 client, whose own signature is nobody's", async () => {
    const signed = { authorization: "AWS4-HMAC-SHA256 Credential=any", "x-amz-date": "20260101T000000Z" };
    const token = TOKEN.authorization.slice("Bearer ".length);
    const { body } = await gateway.ask("sales", path, { headers: { ...signed, "x-amz-security-token": token } });
    equal(body, "0123456789");
    // The view's own page, whose SDK has credentials that are nobody's.
    const own = await gateway.ask("sales", path, { headers: { ...signed, ...fresh, "x-amz-security-token": "any" } });
    equal(own.body, "0123456789");
    const nobody = await gateway.ask("sales", path, { headers: { ...signed, "x-amz-security-token": "any" } });
    deepEqual([nobody.status, nobody.body.includes("<Code>AccessDenied</Code>")], [401, true]);
  });

  await t.step("nobody reads, and learns of no view", async () => {
    for (const view of ["sales", "other", "nope"]) equal(await read(view, {}), "401 sign-in");
    const { headers } = await gateway.ask("sales", path);
    equal(headers["www-authenticate"], 'Bearer realm="view-gateway"');
  });

  await t.step("the cookie of one view signs nothing with the credentials of another", async () => {
    equal(await read("other", fresh), "401 sign-in");
    const said = { "x-view": "other", "x-forwarded-user": ALICE.user };
    equal(await read("other", { ...fresh, ...said }), "401 sign-in");
    equal(await read("other", TOKEN), "403 forbidden");
  });

  await t.step("another host's page reads nothing by a person's cookie", async () => {
    const sibling = { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
    equal(await read("sales", { ...fresh, ...sibling }), "403 cross-site");
  });

  await t.step("who is signed in is told that there is no view", async () => {
    equal(await read("nope", TOKEN), "404 unknown-view");
  });

  await t.step("an S3 client gets the refusal in S3's form", async () => {
    const { status, body } = await gateway.ask("sales", path, { headers: { "x-amz-date": "20260101T000000Z" } });
    equal(status, 401);
    match(body, /<Error><Code>AccessDenied<\/Code><Message>Sign in, /);
  });
});

Deno.test("the sidecar's own probe of a bucket needs no cookie", async () => {
  await using gateway = await start();
  const probe = new BucketProbe(gateway.gateway.settings.socketDirectory, "localhost");
  const signal = new AbortController().signal;
  deepEqual(await probe.at("other", { bucket: "lake", prefix: "sales/" }, signal), { kind: "there" });
  probe.close();
});

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
  const gateway = await LakeGateway.start({ "lake/sales/2026.csv": "0123456789" }, signIn);
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

Deno.test("a kept signature is for those alone whose cookie for the view Envoy has verified now", async (t) => {
  await using gateway = await start();
  const { envoy } = gateway.gateway;
  const path = "lake/sales/2026.csv";
  const fresh = { cookie: await KEY.cookie("sales") };
  const asked = () => envoy.stat("http.public.ext_proc.streams_started");
  /** The answer, and whether the sidecar gave it. */
  const read = async (headers: Readonly<Record<string, string>>, view = "sales") => {
    const before = await asked();
    const { status, body } = await gateway.ask(view, path, { headers });
    const by = await asked() === before ? "Envoy" : "the sidecar";
    return `${status === 200 ? body : `${status} ${JSON.parse(body).type.split(":").at(-1)}`}, by ${by}`;
  };

  await t.step("not by a token or an expired cookie, which may end at any time", async () => {
    for (const headers of [TOKEN, EXPIRED, TOKEN]) equal(await read(headers), "0123456789, by the sidecar");
  });

  await t.step("who has a fresh cookie gets it", async () => {
    equal(await read(fresh), "0123456789, by the sidecar");
    equal(await read(fresh), "0123456789, by Envoy");
    const another = { cookie: await KEY.cookie("sales", { sub: "oidc:bob" }) };
    equal(await read({ ...another, "sec-fetch-site": "same-origin" }), "0123456789, by Envoy");
  });

  await t.step("about all others, the sidecar is asked", async () => {
    for (const headers of [TOKEN, EXPIRED]) equal(await read(headers), "0123456789, by the sidecar");
    const cookies = [
      await KEY.cookie("other"),
      await KEY.cookie("SALES"),
      await KEY.cookie("sales", { exp: 1 }),
      await (await ViewKey.make("one")).cookie("sales"),
    ];
    for (const cookie of ["", "a=b", ...cookies]) equal(await read({ cookie }), "401 sign-in, by the sidecar");
    const forged = { "x-view": "sales", "x-forwarded-user": ALICE.user, "x_view": "sales" };
    equal(await read(forged), "401 sign-in, by the sidecar");
    equal(await read({ "x-amz-security-token": "any", "x-amz-date": "1" }).catch(() => "S3's form"), "S3's form");
  });

  await t.step("another host's page is asked about, however it says so", async () => {
    for (const site of ["same-site", "cross-site", "odd"]) {
      equal(await read({ ...fresh, "sec-fetch-site": site }), "403 cross-site, by the sidecar");
    }
    equal(await read({ ...fresh, origin: "http://other.localhost" }), "403 cross-site, by the sidecar");
    equal(await read({ ...fresh, origin: "http://sales.localhost" }), "0123456789, by the sidecar");
  });

  await t.step("another view's signature is not for this view's people", async () => {
    equal(await read({ cookie: await KEY.cookie("other") }, "other"), "0123456789, by the sidecar");
    equal(await read(fresh, "other"), "401 sign-in, by the sidecar");
  });
});

Deno.test("of a view that is younger than a cookie, Envoy keeps nothing: a cookie may be of its former name's", async () => {
  await using gateway = await start();
  const createdAt = new Date(PRESENT * 1000 - 60_000).toISOString();
  gateway.lake.view("sales", [{ bucket: "lake", prefix: "sales" }], { createdAt });
  const fresh = { cookie: await KEY.cookie("sales") };
  const asked = () => gateway.gateway.envoy.stat("http.public.ext_proc.streams_started");
  for (const count of [1, 2]) {
    equal((await gateway.ask("sales", "lake/sales/2026.csv", { headers: fresh })).status, 200);
    equal(await asked(), count);
  }
});

Deno.test("a public view's signature is for everybody, until the view is not public any more", async () => {
  await using gateway = await start();
  const subsets = [{ bucket: "lake", prefix: "sales" }];
  gateway.lake.view("sales", subsets, { public: true });
  const asked = () => gateway.gateway.envoy.stat("http.public.ext_proc.streams_started");
  const read = (headers = {}) => gateway.ask("sales", "lake/sales/2026.csv", { headers });
  for (const headers of [{}, { cookie: await KEY.cookie("sales") }, TOKEN]) equal((await read(headers)).status, 200);
  equal(await asked(), 1);
  gateway.lake.view("sales", subsets);
  await gateway.published;
  equal((await read()).status, 401);
});

Deno.test("the sidecar's own probe of a bucket needs no cookie", async () => {
  await using gateway = await start();
  const probe = new BucketProbe(gateway.gateway.settings.socketDirectory, "localhost");
  const signal = new AbortController().signal;
  deepEqual(await probe.at("other", { bucket: "lake", prefix: "sales/" }, signal), { kind: "there" });
  probe.close();
});

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { pause } from "../async/pause.ts";
import { ROOT } from "../../test/lake/minio_process.ts";
import { TOKEN } from "../envoy/testing/gateway.ts";
import type { ListedPlace } from "../view/lake_browsing.ts";
import { bucketsPolicy, listingPolicy } from "../view/session_policy.ts";
import { assumeRole, AssumeRoleError } from "./assume_role.ts";
import { BrowsingCredentials } from "./browsing_credentials.ts";
import { BrowsingLimits } from "./browsing_limits.ts";
import { LakeLister, type LakeListerOptions } from "./lake_lister.ts";
import { LakeGateway } from "./testing/minio_lake.ts";
import { s3 } from "./testing/s3.ts";
import { S3Lists } from "./s3_lists.ts";
import { SessionCredentials } from "./session_credentials.ts";

const never = new AbortController().signal;
const made = new SessionCredentials({ accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" }, 0, 900_000);
const place: ListedPlace = { bucket: "lake", prefix: "sales/" };

/** A browser over the real Envoy and MinIO. */
function through({ lake, gateway }: LakeGateway) {
  const base = () => Promise.resolve(ROOT);
  const assume = assumeRole({ settings: lake.settings, base, now: Date.now, random: Math.random, pause });
  const sessions: string[] = [];
  const clock = () => performance.now();
  const credentials = new BrowsingCredentials({
    assumeRole: (session, ...rest) => {
      sessions.push(session);
      return assume(session, ...rest);
    },
    ...{ clock, signal: never },
  });
  const { socketDirectory } = gateway.settings;
  const lists = new S3Lists({ settings: lake.settings, socketDirectory, gateToken: TOKEN, now: Date.now });
  const browser = new LakeLister({ credentials, lists, limits: new BrowsingLimits(clock), signal: never });
  return {
    ...{ sessions, assume, lists },
    ask: (bucket: string, prefix: string, after?: string) =>
      browser.folder("oidc:ada", { bucket, prefix }, after, never),
    buckets: () => browser.buckets("oidc:ada", undefined, never),
  };
}

Deno.test("people browse a lake through Envoy, with credentials that list one prefix and do nothing else", async (t) => {
  const many = Object.fromEntries(
    Array.from({ length: 310 }, (_, i) => [`lake/many/${String(i).padStart(3, "0")}`, "x"]),
  );
  await using gateway = await LakeGateway.start({
    "lake/sales/2026/a": "a",
    "lake/sales/ü & <b>+c": "12345",
    "lake/sales/a b/c": "c",
    "lake/a*b/x": "starred",
    "lake/aXb/y": "not starred",
    "lake/hr/pay": "pay",
    "other/x": "x",
    ...many,
  });
  const { ask, buckets, sessions, assume, lists } = through(gateway);
  try {
    await t.step("a prefix has what lies directly below it, whatever its name is", async () => {
      const page = await ask("lake", "sales/");
      ok("objects" in page, JSON.stringify(page));
      deepEqual(page.prefixes, ["sales/2026/", "sales/a b/"]);
      deepEqual(page.objects.map(({ key, bytes }) => [key, bytes]), [["sales/ü & <b>+c", 5]]);
      equal(page.after, undefined);
      deepEqual(await ask("lake", "sales/none/"), { prefixes: [], objects: [], after: undefined });
    });

    await t.step("a bucket as a whole has its prefixes, and the lake has its buckets", async () => {
      const page = await ask("lake", "");
      deepEqual("prefixes" in page && page.prefixes, ["a*b/", "aXb/", "hr/", "many/", "sales/"]);
      deepEqual(await buckets(), { buckets: ["lake", "other"], after: undefined });
    });

    await t.step("a page begins where the former one ended", async () => {
      const first = await ask("lake", "many/");
      ok("objects" in first && first.after !== undefined, JSON.stringify(first));
      const second = await ask("lake", "many/", first.after);
      ok("objects" in second);
      deepEqual([first.objects.length, second.objects.length, second.after], [300, 10, undefined]);
    });

    await t.step("a wildcard in a prefix is a character", async () => {
      const page = await ask("lake", "a*b/");
      deepEqual("objects" in page && page.objects.map(({ key }) => key), ["a*b/x"]);
    });

    await t.step("STS is asked once for a prefix, and is told who browses", () => {
      equal(sessions.length, 6);
      deepEqual([...new Set(sessions)], ["browse.oidc-ada"]);
    });

    await t.step(
      "a bucket that does not exist, and a bad page, have their causes, without S3's own words",
      async () => {
        const gone = await ask("gone", "sales/");
        ok("problem" in gone);
        deepEqual([gone.problem.status, gone.problem.reason], [404, "NoSuchBucket"]);
        match(gone.problem.detail, /no bucket gone/);
        const bad = await ask("lake", "sales/", "*");
        ok("problem" in bad);
        deepEqual([bad.problem.status, bad.problem.reason], [404, "InvalidArgument"]);
      },
    );

    await t.step("what hostile words ask for stays in the scope", async () => {
      for (const after of ["x&prefix=hr/", "x\r\nhost: evil.example", "../../other", "?list-type=2"]) {
        const answer = await ask("lake", "sales/", after);
        ok(!JSON.stringify(answer).includes("pay"), after);
      }
      for (const prefix of ["sales/../hr/", "?list-type=2&prefix=hr/", "sales/\r\nx: y/", "#/", "%2e%2e/hr/"]) {
        const answer = await ask("lake", prefix);
        ok("problem" in answer || answer.prefixes.length + answer.objects.length === 0, JSON.stringify(answer));
      }
    });

    const keys = (await assume("browse.test", listingPolicy(place), never)).keys;
    const client = s3(gateway.lake.settings.endpoint, keys);
    const list = { "list-type": "2", delimiter: "/" };
    const denied: Record<string, Parameters<typeof client>[0]> = {
      "an object below the prefix": { path: "/lake/sales/2026/a" },
      "a write": { method: "PUT", path: "/lake/sales/new", body: "x" },
      "another prefix": { path: "/lake", query: { ...list, prefix: "hr/" } },
      "a prefix below it": { path: "/lake", query: { ...list, prefix: "sales/2026/" } },
      "all keys below it": { path: "/lake", query: { "list-type": "2", prefix: "sales/" } },
      "the bucket": { path: "/lake", query: list },
      "another bucket": { path: "/other", query: { ...list, prefix: "sales/" } },
    };
    for (const [what, request] of Object.entries(denied)) {
      await t.step(`${what} is denied to such credentials`, async () => {
        equal((await client(request)).code, "AccessDenied");
      });
    }

    await t.step("those that list buckets list no keys", async () => {
      const { keys } = await assume("browse.test", bucketsPolicy(), never);
      const reader = s3(gateway.lake.settings.endpoint, keys);
      for (const path of ["/lake/hr/pay", "/lake"]) equal((await reader({ path })).code, "AccessDenied");
      equal((await reader({ path: "/lake", query: { ...list, prefix: "sales/" } })).code, "AccessDenied");
    });

    await t.step("no client of Envoy reaches this way to S3", async () => {
      for (
        const path of [
          "/_lake/.x/lake?list-type=2&prefix=sales/",
          "/_lake/lake?list-type=2&prefix=sales/",
          "/_lake/.x/",
        ]
      ) {
        for (
          const host of ["localhost", "start_probes", "hello.localhost", new URL(gateway.lake.settings.endpoint).host]
        ) {
          const { status, body } = await gateway.gateway.ask(host, {
            path,
            headers: { "x-lake-host": "hello.localhost" },
          });
          ok(
            !body.includes("ListBucketResult") && !body.includes("ListAllMyBucketsResult"),
            `${host} ${path}: ${status}`,
          );
        }
      }
    });

    await t.step("an S3 that is away is said to be", async () => {
      await gateway.lake.minio.stop();
      const page = await ask("lake", "sales/");
      ok("problem" in page);
      deepEqual([page.problem.status, page.problem.type], [503, "urn:view-gateway:lake-unavailable"]);
    });
  } finally {
    lists.close();
  }
});

/** A browser whose S3 and STS are made up. */
function madeUp(change: Partial<LakeListerOptions> = {}) {
  const credentials = new BrowsingCredentials({
    assumeRole: () => Promise.resolve(made),
    clock: () => 0,
    signal: never,
  });
  const lists = { ask: () => Promise.resolve({ status: 200, xml: "<ListBucketResult/>" }) };
  return new LakeLister({ credentials, lists, limits: new BrowsingLimits(() => 0), signal: never, ...change });
}

const answering = (status: number, xml: string) => madeUp({ lists: { ask: () => Promise.resolve({ status, xml }) } });
const error = (code: string) => `<Error><Code>${code}</Code><Message>with the token SECRET</Message></Error>`;

Deno.test("each trouble of S3 and of STS is told with its cause, and without S3's own words", async () => {
  const troubles: readonly [LakeLister, number, string, string | undefined][] = [
    [answering(403, error("AccessDenied")), 403, "lake-denied", "AccessDenied"],
    [answering(404, error("NoSuchBucket")), 404, "not-in-lake", "NoSuchBucket"],
    [answering(503, error("SlowDown")), 503, "lake-unavailable", "SlowDown"],
    [answering(301, error("PermanentRedirect")), 502, "lake-elsewhere", "PermanentRedirect"],
    [answering(403, error("SignatureDoesNotMatch")), 502, "lake-rejects-gateway", "SignatureDoesNotMatch"],
    [answering(400, error("InvalidToken")), 502, "lake-rejects-gateway", "InvalidToken"],
    [answering(503, "upstream connect error"), 503, "lake-unavailable", undefined],
    [answering(418, error("<!-- x -->")), 400, "lake-refused", undefined],
    [answering(500, ""), 502, "lake-failed", undefined],
    [answering(200, "<html>SECRET</html>"), 502, "lake-failed", undefined],
    [answering(200, "SECRET"), 502, "lake-failed", undefined],
  ];
  for (const [browser, status, type, reason] of troubles) {
    const page = await browser.folder("ada", place, undefined, never);
    ok("problem" in page, type);
    const { problem } = page;
    deepEqual([problem.status, problem.type, problem.reason], [status, `urn:view-gateway:${type}`, reason]);
    ok(!/SECRET|VIEW|STATUS|view's/.test(JSON.stringify(problem)), JSON.stringify(problem));
  }
  const cause = { reason: "AccessDenied", message: "STS denies the gateway the role of the lake (status 403)." };
  const assumeRole = () => Promise.reject(new AssumeRoleError(cause));
  const without = madeUp({ credentials: new BrowsingCredentials({ assumeRole, clock: () => 0, signal: never }) });
  const page = await without.folder("ada", place, undefined, never);
  deepEqual("problem" in page && [page.problem.status, page.problem.detail], [503, cause.message]);
  const all = await answering(403, error("AccessDenied")).buckets("ada", undefined, never);
  match("problem" in all ? all.problem.detail : "", /Type the name of a bucket/);
});

Deno.test("a slow lake is given up, and a client that is gone ends its listing", async () => {
  const slow = {
    ask: (_list: unknown, _made: unknown, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const page = await madeUp({ lists: slow, limit: 20 }).folder("ada", place, undefined, never);
  deepEqual("problem" in page && [page.problem.status, page.retryAfter], [503, 2]);
  const client = new AbortController();
  const listing = madeUp({ lists: slow }).folder("ada", place, undefined, client.signal).catch((error) => error);
  client.abort(new Error("gone"));
  equal((await listing).message, "gone");
});

Deno.test("one person's listings are limited, and do not starve those of others", async () => {
  const held: (() => void)[] = [];
  const lists = {
    ask: () =>
      new Promise<{ status: number; xml: string }>((resolve) => held.push(() => resolve({ status: 200, xml: "" }))),
  };
  const browser = madeUp({ lists });
  const statusOf = async (user: string) => {
    const page = await browser.folder(user, place, undefined, never);
    return "problem" in page ? page.problem.status : 200;
  };
  const four = Array.from({ length: 4 }, () => statusOf("ada"));
  equal(await statusOf("ada"), 429);
  const other = statusOf("bob");
  while (held.length < 5) await pause(1, never);
  held.splice(0).forEach((release) => release());
  deepEqual([...await Promise.all(four), await other], [502, 502, 502, 502, 502]);

  const limits = new BrowsingLimits(() => 0);
  const taken = Array.from({ length: 61 }, () => {
    const refused = limits.acquire("ada");
    if (refused === undefined) limits.release("ada");
    return refused;
  });
  deepEqual(taken.filter((refused) => refused !== undefined).length, 1);
  equal(limits.acquire("bob"), undefined);
});

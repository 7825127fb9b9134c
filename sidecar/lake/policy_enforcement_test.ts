import { pause } from "../async/pause.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assumeRole, AssumeRoleError } from "./assume_role.ts";
import { MinioLake } from "./testing/minio_lake.ts";
import { put } from "./testing/s3.ts";
import { ROOT } from "../../test/lake/minio_process.ts";

Deno.test("MinIO gives a view's credentials its subsets, and nothing else", async (t) => {
  await using lake = await MinioLake.start({
    "lake/sales/2026.csv": "mine",
    "lake/sales-secret/2026.csv": "not mine",
    "lake/hr/pay.csv": "not mine",
    "other/sales/2026.csv": "not mine",
  });
  const view = lake.view("sales", [{ bucket: "lake", prefix: "sales" }]);
  const pod = await lake.pod(view);

  await t.step("its prefix can be read and listed", async () => {
    equal((await pod({ path: "/lake/sales/2026.csv" })).text, "mine");
    const { text } = await pod({ path: "/lake", query: { "list-type": "2", prefix: "sales/" } });
    deepEqual([...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key), ["sales/2026.csv"]);
    equal((await pod({ path: "/lake", query: { location: "" } })).status, 200);
  });

  await t.step("a listing of buckets has its own alone, as MinIO does it", async () => {
    const { text } = await pod({ path: "/" });
    deepEqual([...text.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name), ["lake"]);
  });

  await t.step("its prefix without the slash is answered as a missing object, before a listing", async () => {
    for (const method of ["HEAD", "GET"]) equal((await pod({ method, path: "/lake/sales" })).status, 404);
    equal((await pod({ method: "HEAD", path: "/lake/sales/none" })).status, 404);
  });

  const denied: Record<string, Parameters<typeof pod>[0]> = {
    "a prefix that starts alike": { path: "/lake/sales-secret/2026.csv" },
    "an object that starts alike": { path: "/lake/sales-secret" },
    "the beginning of its name": { path: "/lake/sale" },
    "a missing object of another prefix": { path: "/lake/hr" },
    "another prefix": { path: "/lake/hr/pay.csv" },
    "another bucket": { path: "/other/sales/2026.csv" },
    "the listing of the bucket's root": { path: "/lake", query: { "list-type": "2" } },
    "the listing of a prefix that starts alike": { path: "/lake", query: { "list-type": "2", prefix: "sales" } },
    "writing to its prefix without the slash": { method: "PUT", path: "/lake/sales", body: "x" },
    "the listing of a prefix that starts alike, by directories": {
      path: "/lake",
      query: { "list-type": "2", prefix: "sales", delimiter: "/" },
    },
    "writing": { method: "PUT", path: "/lake/sales/new.csv", body: "x" },
    "removing": { method: "DELETE", path: "/lake/sales/2026.csv" },
    "the start of an upload": { method: "POST", path: "/lake/sales/new.csv", query: { uploads: "" } },
    "the bucket's policy": { path: "/lake", query: { policy: "" } },
    "the versions of the bucket's root": { path: "/lake", query: { versions: "" } },
  };
  for (const [what, request] of Object.entries(denied)) {
    await t.step(`${what} is AccessDenied`, async () => {
      const { status, code } = await pod(request);
      deepEqual([status, code], [403, "AccessDenied"]);
    });
  }
});

Deno.test("a subset that is written can be read, written, uploaded to in parts and removed", async () => {
  await using lake = await MinioLake.start({ "lake/in/x": "x", "lake/out-secret/x": "x" });
  const pod = await lake.pod(lake.view("out", [
    { bucket: "lake", prefix: "in/" },
    { bucket: "lake", prefix: "out/", access: "readwrite" },
  ]));
  await put(pod, "lake", "out/a", "a");
  equal((await pod({ path: "/lake/out/a" })).text, "a");
  const begun = await pod({ method: "POST", path: "/lake/out/b", query: { uploads: "" } });
  const uploadId = /<UploadId>(.*?)<\/UploadId>/.exec(begun.text)?.[1] ?? "";
  equal(
    (await pod({ method: "PUT", path: "/lake/out/b", query: { partNumber: "1", uploadId }, body: "b" })).status,
    200,
  );
  equal((await pod({ path: "/lake/out/b", query: { uploadId } })).status, 200);
  equal((await pod({ method: "DELETE", path: "/lake/out/b", query: { uploadId } })).status, 204);
  equal((await pod({ method: "DELETE", path: "/lake/out/a" })).status, 204);
  equal((await pod({ method: "PUT", path: "/lake/in/y", body: "y" })).code, "AccessDenied");
  equal((await pod({ method: "PUT", path: "/lake/out-secret/y", body: "y" })).code, "AccessDenied");
});

Deno.test("a wildcard in a prefix does not widen what MinIO gives", async () => {
  await using lake = await MinioLake.start({
    "lake/a*b/x": "starred",
    "lake/aXb/x": "not mine",
    "lake/${aws:username}/x": "x",
  });
  const starred = await lake.pod(lake.view("starred", [{ bucket: "lake", prefix: "a*b/" }]));
  // MinIO takes the `*` of `${*}` as a wildcard between braces: it gives less than AWS does, and nothing else.
  equal((await starred({ path: "/lake/a%2Ab/x" })).code, "AccessDenied");
  equal((await starred({ path: "/lake/aXb/x" })).code, "AccessDenied");
  const all = await lake.pod(lake.view("star", [{ bucket: "lake", prefix: "*/" }]));
  equal((await all({ path: "/lake/aXb/x" })).code, "AccessDenied");
  const user = await lake.pod(lake.view("user", [{ bucket: "lake", prefix: "${aws:username}/" }]));
  equal((await user({ path: "/lake/aXb/x" })).code, "AccessDenied");
});

Deno.test("credentials that STS does not know are reported in the gateway's own words, without the keys", async () => {
  await using lake = await MinioLake.start();
  const base = () =>
    Promise.resolve({ accessKeyId: "AKIAUNKNOWN", secretAccessKey: "hush-hush-hush", sessionToken: "token-token" });
  const ask = assumeRole({ settings: lake.settings, base, now: Date.now, random: Math.random, pause });
  const error = await ask("hello", "{}", new AbortController().signal).catch((error) => error);
  ok(error instanceof AssumeRoleError);
  match(error.message, /status 4\d\d/);
  ok(!/hush|AKIA|token-token/.test(Deno.inspect(error)), Deno.inspect(error));
});

Deno.test("an unreachable STS is reported after a few tries", async () => {
  const stopped = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  stopped.close();
  const settings = {
    roleArn: "arn:aws:iam::000000000000:role/lake",
    region: "us-east-1",
    stsEndpoint: `http://127.0.0.1:${stopped.addr.port}`,
    credentialsSeconds: 900,
  };
  const ask = assumeRole({ settings, base: () => Promise.resolve(ROOT), now: Date.now, random: () => 0, pause });
  const error = await ask("hello", "{}", new AbortController().signal).catch((error) => error);
  equal(error.cause.reason, "StsUnreachable");
});

Deno.test("STS that asks for patience is asked again", async () => {
  let asked = 0;
  const xml = (code: string) =>
    `<ErrorResponse><Error><Code>${code}</Code><Message>slow down</Message></Error></ErrorResponse>`;
  const credentials = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>
    <SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.text();
    return ++asked < 3
      ? new Response(xml("Throttling"), { status: 400, headers: { "content-type": "text/xml" } })
      : new Response(credentials, { headers: { "content-type": "text/xml" } });
  });
  const settings = {
    roleArn: "arn:aws:iam::000000000000:role/lake",
    region: "us-east-1",
    stsEndpoint: `http://127.0.0.1:${server.addr.port}`,
    credentialsSeconds: 900,
  };
  const ask = assumeRole({ settings, base: () => Promise.resolve(ROOT), now: Date.now, random: () => 0, pause });
  equal((await ask("hello", "{}", new AbortController().signal)).keys.secretAccessKey, "B");
  equal(asked, 3);
});

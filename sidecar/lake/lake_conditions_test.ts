import assert from "node:assert/strict";
import { put } from "./testing/s3.ts";
import { LakeGateway } from "./testing/minio_lake.ts";

async function start(): Promise<LakeGateway> {
  const gateway = await LakeGateway.start({ "lake/sales/2026.csv": "0123456789" });
  gateway.lake.view("sales", [{ bucket: "lake", prefix: "sales" }]);
  return gateway;
}

const PAST = "Sat, 01 Jan 2000 00:00:00 GMT";
const FUTURE = "Fri, 01 Jan 2100 00:00:00 GMT";

Deno.test("a part is of the version that the request names, and never joins two versions", async (t) => {
  await using gateway = await start();
  const ask = (headers: Record<string, string>) => gateway.ask("sales", "lake/sales/2026.csv", { headers });
  const old = await ask({});
  await put(gateway.lake.root, "lake", "sales/2026.csv", "abcdefghij");
  const { headers: { etag: now = "" } } = await ask({});
  assert.notEqual(old.headers.etag, now);

  const versions: Record<string, string> = {
    "an older version": old.headers.etag!,
    "the date of an older version": PAST,
    // The whole object is a right answer here too.
    "this version": now,
  };
  for (const [what, ifRange] of Object.entries(versions)) {
    await t.step(`If-Range with ${what} gives the whole object`, async () => {
      const { status, headers, body } = await ask({ range: "bytes=5-", "if-range": ifRange });
      assert.deepEqual([status, headers["content-range"], body], [200, undefined, "abcdefghij"]);
    });
  }

  await t.step("If-Match gives the part of this version, and 412 for an older one", async () => {
    const part = await ask({ range: "bytes=5-", "if-match": now });
    assert.deepEqual([part.status, part.body], [206, "fghij"]);
    const other = await ask({ range: "bytes=5-", "if-match": old.headers.etag! });
    assert.deepEqual([other.status, JSON.parse(other.body).reason], [412, "PreconditionFailed"]);
  });
});

Deno.test("conditions hold as RFC 9110 has them, alone and together", async (t) => {
  await using gateway = await start();
  const { headers: { etag = "" } } = await gateway.ask("sales", "lake/sales/2026.csv");
  const cases: readonly [headers: Record<string, string>, status: number][] = [
    [{ "if-none-match": etag }, 304],
    [{ "if-none-match": "*" }, 304],
    [{ "if-none-match": '"other"' }, 200],
    [{ "if-match": etag }, 200],
    [{ "if-match": "*" }, 200],
    [{ "if-match": '"other"' }, 412],
    [{ "if-modified-since": PAST }, 200],
    [{ "if-modified-since": FUTURE }, 304],
    [{ "if-modified-since": "no date" }, 200],
    [{ "if-unmodified-since": PAST }, 412],
    [{ "if-unmodified-since": FUTURE }, 200],
    // If-None-Match and If-Match supersede the dates.
    [{ "if-none-match": '"other"', "if-modified-since": FUTURE }, 200],
    [{ "if-none-match": etag, "if-modified-since": PAST }, 304],
    [{ "if-match": etag, "if-unmodified-since": PAST }, 200],
    [{ "if-match": '"other"', "if-unmodified-since": FUTURE }, 412],
    [{ "if-match": etag, "if-none-match": etag }, 304],
  ];
  for (const method of ["GET", "HEAD"]) {
    for (const [headers, expected] of cases) {
      await t.step(`${method} ${JSON.stringify(headers)} is ${expected}`, async () => {
        const { status, body } = await gateway.ask("sales", "lake/sales/2026.csv", { method, headers });
        assert.equal(status, expected);
        if (method === "HEAD" || status === 304) assert.equal(body, "");
      });
    }
  }
});

Deno.test("ranges of every form are a part, the whole object or 416", async (t) => {
  await using gateway = await start();
  const cases: readonly [range: string, status: number, body?: string, contentRange?: string][] = [
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=7-99", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    // S3 has no parts of several ranges.
    ["bytes=0-1,4-5", 200, "0123456789"],
    ["bytes=0-1, -1", 200, "0123456789"],
    ["items=0-1", 200, "0123456789"],
    ["bytes=-", 200, "0123456789"],
    ["bytes=10-", 416],
    ["bytes=20-30", 416],
    ["bytes=-0", 416],
  ];
  for (const [range, status, body, contentRange] of cases) {
    await t.step(`${range} is ${status}`, async () => {
      const found = await gateway.ask("sales", "lake/sales/2026.csv", { headers: { range } });
      assert.equal(found.status, status);
      if (status === 416) assert.equal(JSON.parse(found.body).type, "urn:view-gateway:range-not-satisfiable");
      else assert.deepEqual([found.body, found.headers["content-range"]], [body, contentRange]);
    });
  }
});

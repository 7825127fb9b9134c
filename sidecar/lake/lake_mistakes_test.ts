import assert from "node:assert/strict";
import { LakeGateway } from "./testing/minio_lake.ts";

Deno.test("a client's wrong request is answered as the client's mistake", async (t) => {
  await using gateway = await LakeGateway.start({ "lake/sales/2026.csv": "0123456789" });
  gateway.lake.view("sales", [{ bucket: "lake", prefix: "sales" }, { bucket: "gone", prefix: "sales" }]);
  const list = "lake?list-type=2&prefix=sales/";
  const cases: readonly [path: string, status: number, type: string, reason: string][] = [
    ["lake/sales/none", 404, "not-in-lake", "NoSuchKey"],
    ["gone/sales/none", 404, "not-in-lake", "NoSuchBucket"],
    ["gone?list-type=2&prefix=sales/", 404, "not-in-lake", "NoSuchBucket"],
    [`lake/sales/${"x".repeat(1_100)}`, 400, "lake-refused", "XMinioInvalidObjectName"],
    [`${list}&max-keys=-1`, 400, "lake-refused", "InvalidArgument"],
    [`${list}&max-keys=many`, 400, "lake-refused", "InvalidArgument"],
    [`${list}&encoding-type=base64`, 400, "lake-refused", "InvalidArgument"],
    [`${list}&continuation-token=%2A`, 400, "lake-refused", "InvalidArgument"],
    // MinIO goes on from keys below the prefix alone.
    [`${list}&continuation-token=${btoa("hr/x")}`, 501, "not-offered", "NotImplemented"],
  ];
  for (const [path, status, type, reason] of cases) {
    await t.step(`${path.slice(0, 80)} is ${status} ${reason}`, async () => {
      const found = await gateway.ask("sales", path);
      const problem = JSON.parse(found.body);
      assert.deepEqual([found.status, problem.type, problem.reason], [status, `urn:view-gateway:${type}`, reason]);
    });
  }

  await t.step("their neighbours are answered", async () => {
    for (const path of [list, `${list}&max-keys=1`, `${list}&encoding-type=url`, `${list}&start-after=hr`]) {
      const { status, body } = await gateway.ask("sales", path);
      assert.equal(status, 200, path);
      assert.match(body, /sales(\/|%2F)2026\.csv/);
    }
  });

  await t.step("an S3 client gets S3's form of an error", async () => {
    const told: readonly [path: string, status: number, code: string][] = [
      ["lake/sales/none", 404, "NoSuchKey"],
      ["lake/sales", 404, "NoSuchKey"],
      ["gone/sales/none", 404, "NoSuchBucket"],
      ["lake/hr/pay", 403, "AccessDenied"],
      ["lake/sales/2026.csv?acl", 403, "AccessDenied"],
      ["lake/sales/%zz", 400, "InvalidRequest"],
    ];
    for (const [path, status, code] of told) {
      const found = await gateway.ask("sales", path, { headers: { "amz-sdk-request": "attempt=1" } });
      assert.deepEqual([found.status, found.headers["content-type"]], [status, "application/xml"], path);
      assert.match(
        found.body,
        new RegExp(`^<\\?xml [^>]*\\?>\n<Error><Code>${code}</Code><Message>.*</Error>\n$`),
        path,
      );
    }
    const unknown = await gateway.ask("a&b", "lake/x", { headers: { "amz-sdk-request": "attempt=1" } });
    assert.deepEqual([unknown.status, unknown.headers["x-content-type-options"]], [404, "nosniff"]);
  });

  await t.step("HEAD has the same status, without a body", async () => {
    const { status, body } = await gateway.ask("sales", "lake/sales/none", { method: "HEAD" });
    assert.deepEqual([status, body], [404, ""]);
  });
});

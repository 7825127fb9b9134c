import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { keysBelow, s3Of, SALES } from "../../gateway/lake.ts";
import { sendRaw } from "../../client/raw_http.ts";

const direct = environment().direct ? test : test.skip;

direct(
  "with its credentials a view reads its own prefix, and S3 itself denies all else",
  async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("scope", { subsets: SALES });
    await view.whoami();
    const s3 = await s3Of(view);

    const keys = await keysBelow(s3, "sales/2026/");
    expect(keys).toContain("sales/2026/orders-2026-01.parquet");
    await s3.send(
      new GetObjectCommand({
        Bucket: "lake",
        Key: keys[0]!,
        Range: "bytes=0-3",
      }),
    );

    const denied = [
      new GetObjectCommand({
        Bucket: "lake",
        Key: "sales/2025/orders-2025-01.parquet",
      }),
      new GetObjectCommand({
        Bucket: "lake",
        Key: "sales-secret/2026/margins.parquet",
      }),
      new ListObjectsV2Command({ Bucket: "lake" }),
      new ListObjectsV2Command({ Bucket: "lake", Prefix: "sales" }),
      new ListObjectsV2Command({ Bucket: "lake", Prefix: "sales-secret/" }),
      new PutObjectCommand({
        Bucket: "lake",
        Key: "sales/2026/mine",
        Body: "x",
      }),
    ];
    for (const command of denied) {
      // deno-lint-ignore no-explicit-any -- commands of several types
      await expect(s3.send(command as any), JSON.stringify(command.input))
        .rejects.toMatchObject({ name: "AccessDenied" });
    }
  },
);

test("through the gateway a browser reads the view's own prefix and nothing else, however it is written", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("lake", { subsets: SALES });
  const ask = (path: string) => view.ask({ path, headers: { range: "bytes=0-3" } });

  const own = await ask("/_lake/lake/sales/2026/orders-2026-01.parquet");
  expect([own.status, own.text]).toEqual([206, "PAR1"]);
  expect(await view.phase()).toBe("asleep");

  const refused = [
    "/_lake/lake/sales/2025/orders-2025-01.parquet",
    "/_lake/lake/sales-secret/2026/margins.parquet",
    "/_lake/lake/sales/2026%2F..%2F2025/orders-2025-01.parquet",
    "/_lake/lake/sales/2026/%2e%2e/2025/orders-2025-01.parquet",
    "/_lake/lake/sales/2026/..%2f2025/orders-2025-01.parquet",
    "/_lake/lake/sales/2026/%252e%252e/2025/orders-2025-01.parquet",
    "/_lake/lake/sales/2026//orders-2026-01.parquet",
    "/_lake/lake/sales/2026/%5c..%5c2025",
    "/_lake/lake?list-type=2",
    "/_lake/lake?list-type=2&prefix=sales",
    "/_lake/lake?list-type=2&prefix=sales-secret/",
    "/_lake/other/sales/2026/orders-2026-01.parquet",
    "/_lake/lake/sales/2026/orders-2026-01.parquet?acl",
  ];
  for (const path of refused) {
    const answer = await ask(path);
    expect(
      [403, 404, 400],
      `${path}: ${answer.status} ${answer.text.slice(0, 100)}`,
    ).toContain(answer.status);
    expect(answer.text).not.toContain("PAR1");
  }
  // Dots as they are would be resolved by a client before they are sent.
  const dots = "/_lake/lake/sales/2026/../2025/orders-2025-01.parquet";
  const raw = await sendRaw(
    gateway.origin,
    `GET ${dots} HTTP/1.1\r\nHost: ${view.host}\r\n${view.proof.lines}Connection: close\r\n\r\n`,
  );
  expect(raw).toMatch(/^HTTP\/1\.1 (400|403|404) /);

  for (const method of ["POST", "PUT", "DELETE"] as const) {
    expect(
      (await view.ask({ method, path: "/_lake/lake/sales/2026/new" })).status,
    ).toBe(405);
  }
});

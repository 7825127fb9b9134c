import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { NEIGHBOURS, OWN, SalesLake } from "./sales_lake.ts";

Deno.test("AWS' SDK for JavaScript reads a view's own files, at S3 and through the gateway", async (t) => {
  await using lake = await SalesLake.start();
  const anything = { accessKeyId: "any", secretAccessKey: "thing" };
  const ways = { "S3": [lake.s3, lake.keys], "the gateway": [lake.below, anything] } as const;
  for (const [way, [endpoint, credentials]] of Object.entries(ways)) {
    const s3 = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
    const Bucket = "lake";
    const [Key = ""] = OWN;

    await t.step(`${way}: an object, a part of it, and its size`, async () => {
      const { Body, ETag, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = await Body!.transformToByteArray();
      equal(bytes.length, ContentLength);
      const part = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=0-3", IfMatch: ETag }));
      deepEqual([await part.Body!.transformToString(), part.ContentRange], ["PAR1", `bytes 0-3/${bytes.length}`]);
      equal((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength, bytes.length);
    });

    await t.step(`${way}: keys, page by page, and directories`, async () => {
      const found: (string | undefined)[] = [];
      for await (
        const { Contents } of paginateListObjectsV2({ client: s3, pageSize: 1 }, { Bucket, Prefix: "sales/2026/" })
      ) {
        found.push(...(Contents ?? []).map(({ Key }) => Key));
      }
      deepEqual(found, OWN);
      const list = new ListObjectsV2Command({ Bucket, Prefix: "sales/2026/", Delimiter: "/", EncodingType: "url" });
      const { CommonPrefixes } = await s3.send(list);
      deepEqual(CommonPrefixes?.map(({ Prefix }) => Prefix), ["sales/2026/month%3D1/"]);
    });

    await t.step(`${way}: errors have the form of S3's`, async () => {
      const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      const cases = [
        [404, "NoSuchKey", new GetObjectCommand({ Bucket, Key: "sales/2026/none" })],
        [404, "NoSuchKey", new GetObjectCommand({ Bucket, Key: "sales/2026" })],
        [404, "NotFound", new HeadObjectCommand({ Bucket, Key: "sales/2026/none" })],
        [304, "Unknown", new GetObjectCommand({ Bucket, Key, IfNoneMatch: ETag })],
        [412, "PreconditionFailed", new GetObjectCommand({ Bucket, Key, IfMatch: '"other"' })],
        [416, "InvalidRange", new GetObjectCommand({ Bucket, Key, Range: "bytes=9999999-" })],
      ] as const;
      for (const [status, name, command] of cases) {
        // deno-lint-ignore no-explicit-any -- commands of several types
        await rejects(s3.send(command as any), (error: Failure) => {
          deepEqual([error.$metadata?.httpStatusCode, error.name], [status, name]);
          return true;
        });
      }
    });

    await t.step(`${way}: neighbours stay denied, and nothing is written`, async () => {
      const commands = [
        ...NEIGHBOURS.map((Key) => new GetObjectCommand({ Bucket, Key })),
        ...["", "sales", "sales/2026", "sales/2026-secret/"].map((Prefix) =>
          new ListObjectsV2Command({ Bucket, Prefix })
        ),
      ];
      for (const command of commands) {
        // deno-lint-ignore no-explicit-any -- commands of several types
        await rejects(s3.send(command as any), { name: "AccessDenied" });
      }
      const put = new PutObjectCommand({ Bucket, Key: "sales/2026/mine", Body: "x" });
      await rejects(s3.send(put), { name: way === "S3" ? "AccessDenied" : "MethodNotAllowed" });
    });
    s3.destroy();
  }
});

interface Failure extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

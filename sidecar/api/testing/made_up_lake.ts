import type { LakeBuckets, LakeFolder } from "@view-gateway/types";
import { setTimeout as pause } from "node:timers/promises";
import { problem, problemResponse } from "../../http/problem.ts";

const KEYS = [
  ...[2023, 2024, 2025].flatMap((year) => parts(`sales/${year}`, 12)),
  ...parts("costs/2025", 4),
  "sales/README.md",
  ...Array.from({ length: 250 }, (_, i) => `events/day=${String(i).padStart(3, "0")}/part-0.parquet`),
  `long/${"a-folder-with-a-long-name-that-somebody-has-made-by-a-program-".repeat(3)}/x.parquet`,
  `long/${"x".repeat(200)}.parquet`,
  "odd/Größe & Gewicht, 100 %/a+b=c.csv",
];
const PAGE = 100;

/** Answers `GET /_api/lake` from objects that are made up. Bucket `slow` takes a minute, and `broken` cannot be read. */
export async function madeUpLake({ url, signal }: Request): Promise<Response> {
  const { searchParams } = new URL(url);
  const [bucket, prefix, after] = [
    searchParams.get("bucket"),
    searchParams.get("prefix") ?? "",
    searchParams.get("after"),
  ];
  if (bucket === null) return Response.json(BUCKETS);
  if (bucket === "slow") await pause(60_000, undefined, { signal }).catch(() => {});
  if (bucket === "broken") {
    const detail =
      "S3 does not answer: connection refused at http://minio.lake:9000. The lake may be down. Try again later.";
    return problemResponse(problem(502, "lake-unreachable", detail, { reason: "ECONNREFUSED" }), 5);
  }
  return Response.json(folderOf(bucket, prefix, after ?? ""));
}

const BUCKETS: LakeBuckets = {
  buckets: [
    { bucket: "broken", access: "read" },
    { bucket: "lake", access: "readwrite" },
    { bucket: "payroll", access: "read", prefixes: ["2024/", "2025/", "2026/", "archive/old/"] },
    { bucket: "slow", access: "read" },
  ],
};

function folderOf(bucket: string, prefix: string, after: string): LakeFolder {
  const below = (bucket === "lake" ? KEYS : bucket === "payroll" ? ["2024/a.csv", "2025/a.csv"] : [])
    .filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const names = [...new Set(below.map((rest) => rest.replace(/\/.*/, "/")))].sort().filter((name) => name > after);
  const shown = names.slice(0, PAGE);
  const next = new URLSearchParams({ bucket, prefix, after: shown.at(-1) ?? "" });
  return {
    ...{ bucket, prefix },
    ...bucket !== "payroll" ? { access: "readwrite" } : prefix === "" ? {} : { access: "read" },
    prefixes: shown.filter((name) => name.endsWith("/")).map((name) => prefix + name),
    objects: shown.filter((name) => !name.endsWith("/")).map((name, i) => ({
      ...{ key: prefix + name, bytes: 1_234_567 * (i + 1), modifiedAt: "2026-02-03T04:05:06Z" },
    })),
    ...names.length > PAGE && { next: `/_api/lake?${next}` },
  };
}

function parts(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${folder}/part-${String(i).padStart(4, "0")}.parquet`);
}

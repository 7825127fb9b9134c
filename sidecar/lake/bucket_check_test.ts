import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import { eventually } from "../testing/eventually.ts";
import { viewState } from "../view/testing/view_state.ts";
import { BucketProbe, type BucketProbeResult } from "./bucket_probe.ts";
import { BucketCheck, type BucketCheckOptions } from "./bucket_check.ts";
import { LakeGateway } from "./testing/minio_lake.ts";

const view = (...subsets: Subset[]) => viewState(undefined, { spec: { subsets } });

/** Buckets, those that are looked for, and what is found. */
function start(found: Readonly<Record<string, BucketProbeResult>>, change: Partial<BucketCheckOptions> = {}) {
  const probes: string[] = [];
  const denied: string[] = [];
  let now = 0;
  const buckets = new BucketCheck({
    probe: (_view, { bucket, prefix }) => {
      probes.push(`${bucket}/${prefix}`);
      return Promise.resolve(found[bucket] ?? { kind: "there" });
    },
    onDenied: ({ name }, bucket, message) => denied.push(`${name} ${bucket} ${message}`),
    clock: () => now,
    signal: new AbortController().signal,
    ...change,
  });
  return { buckets, probes, denied, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("a bucket that is not there is named, and where the spec names it", async () => {
  const { buckets } = start({ lke: { kind: "missing", reason: "NoSuchBucket" } });
  const subsets = [{ bucket: "lake" }, { bucket: "lke", prefix: "sales/" }];
  deepEqual(await buckets.missing(view(...subsets)), {
    reason: "NoSuchBucket",
    message: "The lake has no bucket lke, which /subsets/1 names. Create the bucket, or name another.",
  });
  equal(await buckets.missing(view({ bucket: "lake" })), undefined);
});

Deno.test("a bucket is looked for once however many subsets it has, below a prefix that the view may list", async () => {
  const { buckets, probes, pass } = start({});
  const two = view({ bucket: "lake", prefix: "sales/" }, { bucket: "lake", prefix: "hr" });
  for (let i = 0; i < 3; i++) await buckets.missing(two);
  deepEqual(probes, ["lake/hr/"]);
  pass(600_000);
  await buckets.missing(two);
  equal(probes.length, 2);
});

Deno.test("one that was missing is looked for again", async () => {
  const found: Record<string, BucketProbeResult> = { lake: { kind: "missing", reason: "NoSuchBucket" } };
  const { buckets } = start(found);
  ok(await buckets.missing(view({ bucket: "lake" })));
  delete found.lake;
  equal(await buckets.missing(view({ bucket: "lake" })), undefined);
});

Deno.test("an S3 that says nothing, or something else, keeps no view from starting", async () => {
  const stop = new AbortController();
  const silent = start({}, {
    limit: 10,
    signal: stop.signal,
    probe: (_view, _scope, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  equal(await silent.buckets.missing(view({ bucket: "lake" })), undefined);
  stop.abort();
  deepEqual(silent.denied, []);
  const failing = start({ lake: { kind: "unknown" } });
  equal(await failing.buckets.missing(view({ bucket: "lake" })), undefined);
  const broken = start({}, { probe: () => Promise.reject(new TypeError("connection refused")) });
  equal(await broken.buckets.missing(view({ bucket: "lake" })), undefined);
});

Deno.test("a bucket that S3 denies is reported but keeps no view from starting: its keys may still be readable", async () => {
  const { buckets, denied } = start({ lke: { kind: "denied" } });
  equal(await buckets.missing(view({ bucket: "lake" }, { bucket: "lke" })), undefined);
  match(
    denied.join(),
    /^hello lke The lake does not allow view hello to list bucket lke, which \/subsets\/1 names\. There may be no/,
  );
});

Deno.test("what S3 tells after the start is reported too", async () => {
  for (const found of [{ kind: "denied" }, { kind: "missing", reason: "NoSuchBucket" }] as const) {
    const { promise: answer, resolve } = Promise.withResolvers<BucketProbeResult>();
    const { buckets, denied } = start({}, { limit: 10, probe: () => answer });
    equal(await buckets.missing(view({ bucket: "lke" })), undefined);
    deepEqual(denied, []);
    resolve(found);
    await eventually("it is reported", () => Promise.resolve(denied.length === 1));
    match(denied.join(), /bucket lke, which \/subsets\/0 names/);
  }
});

Deno.test("a view without subsets has nothing to look for", async () => {
  const { buckets, probes } = start({});
  equal(await buckets.missing(view()), undefined);
  deepEqual(probes, []);
});

Deno.test("through Envoy, MinIO tells a bucket that is there from one that is not, by the view's own credentials", async () => {
  await using gateway = await LakeGateway.start({ "lake/sales/2026.csv": "1" });
  gateway.lake.view("sales", [{ bucket: "lake", prefix: "sales" }, { bucket: "lke", prefix: "a b/é+%2F/" }]);
  const probe = new BucketProbe(gateway.gateway.settings.socketDirectory, "localhost");
  try {
    const at = (bucket: string, prefix: string) => probe.at("sales", { bucket, prefix }, new AbortController().signal);
    deepEqual(await at("lake", "sales/"), { kind: "there" });
    deepEqual(await at("lke", "a b/é+%2F/"), { kind: "missing", reason: "NoSuchBucket" });
    // What is not the view's is not told.
    deepEqual(await at("other", ""), { kind: "unknown" });
    await gateway.lake.minio.stop();
    deepEqual(await at("lke", "a b/é+%2F/"), { kind: "unknown" });
    match(JSON.stringify(await at("lake", "sales/")), /unknown/);
  } finally {
    probe.close();
  }
});

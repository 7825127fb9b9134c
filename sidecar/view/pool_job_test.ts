import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { NAME_LABEL, POOL_LABEL } from "./labels.ts";
import { isViewName } from "./name.ts";
import { poolJobAt, poolJobName, poolJobPrefix, poolOf, type PoolSettings, type WarmPool } from "./pool_job.ts";
import { readTemplate } from "./template.ts";

const DAY = 86_400_000;
const noon = Date.UTC(2026, 10, 28, 12);
const lake = { endpoint: "http://minio:9000", region: "us-east-1", pathStyle: true };
const settings: PoolSettings = { required: { team: "sales" }, lake };

const manifest = (
  { image = "view:1", size = "3", path = "/_gate/assign", labels = { tier: "gold" } as object } = {},
) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { labels: { owner: "platform" } },
  spec: {
    backoffLimit: 2,
    podFailurePolicy: { rules: [] },
    template: {
      metadata: { labels, annotations: { "view.yolean.se/warm": size, "view.yolean.se/assign": path } },
      spec: {
        initContainers: [{ name: "fetch", image: "fetch:1" }],
        containers: [{
          name: "view",
          image,
          env: [{ name: "COLOUR", value: "blue" }, { name: "VIEW_NAME", value: "x" }],
        }],
      },
    },
  },
});

function pool(change: Parameters<typeof manifest>[0] = {}, name = "duckdb", given: PoolSettings = settings): WarmPool {
  const read = readTemplate(JSON.stringify(manifest(change)), name);
  if (!("template" in read)) throw new Error(read.invalid);
  return poolOf(name, read.template, given)!;
}

Deno.test("a template that asks for no pool has none", () => {
  const read = readTemplate(
    '{"apiVersion":"batch/v1","kind":"Job","spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}',
    "a",
  );
  equal("template" in read && poolOf("a", read.template, settings), undefined);
});

Deno.test("a pool is a Job that keeps its pods started, never completes, and ends by its lease", () => {
  const { apiVersion, kind, metadata, spec } = poolJobAt(pool(), noon);
  deepEqual([apiVersion, kind], ["batch/v1", "Job"]);
  deepEqual(metadata?.labels, {
    owner: "platform",
    team: "sales",
    "view.yolean.se/pool": pool().label,
    "app.kubernetes.io/managed-by": "view-gateway",
  });
  equal(metadata?.ownerReferences, undefined);
  deepEqual(metadata?.annotations, { "view.yolean.se/template": "duckdb" });
  const { template: _, ...own } = spec!;
  deepEqual(own, {
    parallelism: 3,
    completions: 2147483647,
    backoffLimit: 2147483647,
    activeDeadlineSeconds: 600,
    ttlSecondsAfterFinished: 0,
  });
});

Deno.test("its pods are those of the template, with the pool's label and no view's", () => {
  const { metadata, spec } = poolJobAt(pool({ labels: { tier: "gold", [NAME_LABEL]: "hello" } }), noon).spec!.template;
  equal(metadata?.labels?.[NAME_LABEL], undefined);
  match(metadata?.labels?.[POOL_LABEL] ?? "", /^duckdb-[0-9a-f]{10}$/);
  deepEqual([metadata?.labels?.tier, metadata?.labels?.team], ["gold", "sales"]);
  equal(metadata?.annotations?.["view.yolean.se/assign"], "/_gate/assign");
  equal(spec?.restartPolicy, "Never");
  equal(spec?.schedulingGates, undefined);
});

Deno.test("its containers know their pod's UID, and no view", () => {
  const { containers, initContainers = [] } = poolJobAt(pool(), noon).spec!.template.spec!;
  for (const { env = [] } of [...containers, ...initContainers]) {
    deepEqual(env.find(({ name }) => name === "VIEW_POD_UID"), {
      name: "VIEW_POD_UID",
      valueFrom: { fieldRef: { fieldPath: "metadata.uid" } },
    });
    equal(env.some(({ name }) => name === "VIEW_NAME" || name === "VIEW_SUBSETS"), false);
  }
  equal(containers[0]?.env?.find(({ name }) => name === "COLOUR")?.value, "blue");
});

Deno.test("where there is a lake, its files are ones that the image writes, and stay in memory", () => {
  const spec = poolJobAt(pool(), noon).spec!.template.spec!;
  deepEqual(spec.volumes, [{ name: "view-gateway-lake", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }]);
  for (const { env = [], volumeMounts } of [...spec.containers, ...spec.initContainers!]) {
    deepEqual(volumeMounts, [{ name: "view-gateway-lake", mountPath: "/var/run/secrets/view.yolean.se/lake" }]);
    equal(env.find(({ name }) => name === "AWS_CONFIG_FILE")?.value, "/var/run/secrets/view.yolean.se/lake/config");
  }
  const without = poolJobAt(pool({}, "duckdb", { required: {} }), noon).spec!.template.spec!;
  equal(without.volumes, undefined);
  equal(without.containers[0]?.env?.some(({ name }) => name.startsWith("AWS_")), false);
});

Deno.test("whatever the template's name, the Job's name is valid, and no view's", () => {
  const name = fc.oneof(
    fc.stringMatching(/^[-._a-zA-Z0-9]{1,240}$/),
    fc.constantFrom("-", ".", "_", "a_b", "A", "-a-", "9", "a".repeat(240), `${"a".repeat(35)}-b`),
  );
  fc.assert(fc.property(name, fc.integer({ min: 0, max: 4_000_000_000_000 }), (name, now) => {
    const { label, template } = pool({}, name);
    const job = poolJobName(pool({}, name), now);
    match(job, /^[0-9]{4}-[0-9]{2}-[0-9]{2}-warm-[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
    ok(job.length <= 63, job);
    equal(isViewName(job), false);
    match(label, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
    equal(template, name);
  }));
});

Deno.test("each change of what a pool is made from makes another pool, and the same makes the same", () => {
  equal(pool().label, pool().label);
  const others = [
    pool({ image: "view:2" }),
    pool({ size: "4" }),
    pool({ path: "/_gate/other" }),
    pool({ labels: { tier: "silver" } }),
    pool({}, "DuckDB"),
    pool({}, "duckdb", { ...settings, required: { team: "stock" } }),
    pool({}, "duckdb", { required: { team: "sales" } }),
    pool({}, "duckdb", { ...settings, lake: { ...lake, region: "eu-north-1" } }),
    pool({}, "duckdb", { ...settings, lake: { ...lake, endpoint: "http://minio:9001" } }),
  ];
  equal(new Set([pool(), ...others].map(({ label }) => label)).size, others.length + 1);
});

Deno.test("a pool has another Job each day, and not all change at midnight", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(DAY - 1), (size, time) => {
    const one = pool({ size: String(size) });
    const now = Date.UTC(2026, 10, 28) + time;
    const began = now - (now - one.dayBegins) % DAY;
    equal(poolJobPrefix(one, now), poolJobPrefix(one, began));
    equal(poolJobPrefix(one, now), poolJobPrefix(one, began + DAY - 1));
    notEqual(poolJobPrefix(one, now), poolJobPrefix(one, began + DAY));
    ok(poolJobName(one, now).startsWith(poolJobPrefix(one, now)));
  }));
  const begins = Array.from({ length: 24 }, (_, i) => pool({ size: String(i + 1) }).dayBegins);
  equal(new Set(begins).size, 24);
  equal(
    poolJobName({ label: "duckdb-3f2a91c0b7", dayBegins: 1 }, Date.UTC(2026, 10, 28)),
    "2026-11-27-warm-duckdb-3f2a91c0b7-6nz",
  );
  equal(
    poolJobName({ label: "duckdb-3f2a91c0b7", dayBegins: 0 }, Date.UTC(2026, 10, 28)),
    "2026-11-28-warm-duckdb-3f2a91c0b7-000",
  );
});

Deno.test("Jobs of a pool that are created ten seconds apart have different names, in the order of their creation", () => {
  fc.assert(fc.property(fc.nat(DAY - 10_001), (time) => {
    const [one, now] = [pool({}), Date.UTC(2026, 10, 28) + pool({}).dayBegins + time];
    ok(poolJobName(one, now) < poolJobName(one, now + 10_000));
    equal(poolJobName(one, now), poolJobName(one, now - time % 10_000));
  }));
});

Deno.test("every template that is valid and asks for a pool has one", () => {
  const places = [
    ["metadata"],
    ["metadata", "labels"],
    ["spec", "template", "metadata", "labels"],
    ["spec", "template", "spec", "initContainers"],
    ["spec", "template", "spec", "volumes"],
    ["spec", "template", "spec", "containers", "0", "env"],
    ["spec", "template", "spec", "containers", "0", "volumeMounts"],
  ];
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constant(null),
    fc.array(fc.constant(null)),
    fc.array(fc.record({ name: fc.jsonValue() })),
  );
  let rendered = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, (path, value) => {
      // deno-lint-ignore no-explicit-any -- a place in it is chosen at random
      const job = manifest() as any;
      const parent = path.slice(0, -1).reduce((at, member) => at[member], job);
      parent[path.at(-1)!] = value;
      const read = readTemplate(JSON.stringify(job), "duckdb");
      if (!("template" in read)) return;
      rendered++;
      equal(poolJobAt(poolOf("duckdb", read.template, settings)!, noon).spec?.parallelism, 3);
    }),
    { numRuns: 500 },
  );
  ok(rendered > 20, String(rendered));
});

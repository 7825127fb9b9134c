import type { Subset } from "@view-gateway/types";
import type { ViewPhase, ViewState } from "../../view/state.ts";
import { viewState } from "../../view/testing/view_state.ts";

const ASLEEP: ViewPhase = { kind: "asleep", ended: undefined };
const ALICE = "oidc:alice";
const BOB = "oidc:bob.of.a.department.with.a.long.name@subsidiary.example.com";

const LOG = Array.from(
  { length: 30 },
  (_, i) => `2026-01-01T08:00:${String(i).padStart(2, "0")}Z INFO reads s3://lake/payroll/part=${i} (of 400 files)`,
).concat(`FATAL out of memory: ${"could not allocate 512.0 MiB ".repeat(8)}`).join("\n");

/** Views in all phases and with everything that a page may have to show; and a number of others, all asleep. */
export function madeUpViews(now: number, others = 0): readonly ViewState[] {
  const lease = (seconds: number) => ({ startedAt: now - 120_000, activeDeadlineSeconds: 120 + seconds });
  const made = (name: string, phase: ViewPhase, change: Partial<ViewState> = {}) =>
    viewState(phase, {
      ...{ name, uid: `service-of-${name}`, owner: ALICE, createdAt: new Date(now - 86_400_000).toISOString() },
      ...change,
    });
  const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [], lease: lease(754) };
  const failed = (reason: string, message: string): ViewPhase => ({
    ...{ kind: "failed", job: "job-1", cause: { reason, message } },
  });
  return [
    made("costs-2025", awake, { start: "warm", spec: { subsets: subsetsOf("lake", "costs/2025/"), idleSeconds: 900 } }),
    made("customers", ASLEEP, { spec: { subsets: subsetsOf("lake", "customers/eu/", "customers/us/") } }),
    made("everybody", ASLEEP, { owner: BOB, public: true, spec: { subsets: [], public: true } }),
    made("inventory", { kind: "starting", job: "job-1", step: "creating container", lease: lease(600) }, {
      start: "cold",
      spec: { subsets: [{ bucket: "lake", prefix: "inventory/", access: "readwrite" }], template: "duckdb" },
    }),
    made("invalid", failed("InvalidSpec", "/subsets/0/bucket must have 3 to 63 characters"), { spec: undefined }),
    made("orders", failed("ErrImagePull", 'Back-off pulling image "registry.example.com/team/orders:v1"'), {
      spec: { subsets: subsetsOf("lake", "orders/"), template: "orders" },
    }),
    made(
      "payroll",
      failed("OOMKilled", `The container "app" was killed: ${"it used more memory than it may. ".repeat(9)}`),
      { failedLog: LOG },
    ),
    made("sales-2024", awake, {
      owner: BOB,
      start: "cold",
      restartNeeded: ["subsets", "template"],
      spec: { subsets: subsetsOf("lake", "sales/2024/"), access: { groups: ["sales"], everyone: true } },
    }),
    made(`w${"-wide".repeat(12)}-1`.slice(0, 63), ASLEEP, {
      owner: BOB,
      spec: { subsets: subsetsOf("a-bucket-with-a-long-name-of-the-company", ...prefixes(64)) },
    }),
    made("zoo", failed("<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>")),
    ...Array.from({ length: others }, (_, i) => made(`view-${String(i).padStart(5, "0")}`, ASLEEP)),
  ];
}

function subsetsOf(bucket: string, ...prefixes: readonly string[]): Subset[] {
  return prefixes.map((prefix) => ({ bucket, prefix }));
}

function prefixes(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `a/long/way/down/to/part=${String(i).padStart(4, "0")}/`);
}

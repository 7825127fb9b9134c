import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Metrics } from "./metrics.ts";
import { CLUSTER } from "../proto/resource.ts";
import { QUIET_READINGS } from "./testing/readings.ts";

/** The samples whose names begin so and which are not 0, by name and labels. */
async function samples(metrics: Metrics, prefix: string): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith(`view_gateway_${prefix}`));
  const all = lines.map((line): [string, number] => {
    const space = line.lastIndexOf(" ");
    return [line.slice("view_gateway_".length, space), Number(line.slice(space + 1))];
  });
  return Object.fromEntries(all.filter(([, value]) => value !== 0));
}

Deno.test("views are counted by phase, as they come, change and go", async () => {
  const metrics = new Metrics();
  metrics.phase(undefined, "asleep");
  metrics.phase(undefined, "asleep");
  metrics.phase("asleep", "starting");
  metrics.phase("starting", "starting");
  metrics.phase("asleep", undefined);
  deepEqual(await samples(metrics, "views{"), { 'views{phase="starting"}': 1 });
});

Deno.test("a launch is counted by how it came out, and whose it was", async () => {
  const metrics = new Metrics();
  const cause = { reason: "Forbidden", message: "exceeded quota" };
  metrics.launch({ kind: "launched", created: "job-1" });
  metrics.launch({ kind: "launched", created: undefined });
  metrics.launch({ kind: "failed", cause });
  metrics.launch({ kind: "unavailable", message: "" });
  deepEqual(await samples(metrics, "launches_total"), {
    'launches_total{outcome="created"}': 1,
    'launches_total{outcome="joined"}': 1,
    'launches_total{outcome="failed"}': 1,
    'launches_total{outcome="unavailable"}': 1,
  });
});

Deno.test("requests at the gate are counted by outcome, and how long those waited that passed", async () => {
  const metrics = new Metrics();
  metrics.gate({ kind: "pass", view: "hello" }, 1.5);
  metrics.gate({ kind: "pass", view: "hello" }, 0.001);
  metrics.gate({ kind: "denied", denial: { kind: "too many held", view: "hello", full: { of: "one", limit: 1 } } }, 0);
  metrics.gate({ kind: "handed back" }, 90);
  deepEqual(await samples(metrics, "gate_outcomes_total"), {
    'gate_outcomes_total{outcome="pass"}': 2,
    'gate_outcomes_total{outcome="too many held"}': 1,
    'gate_outcomes_total{outcome="handed back"}': 1,
  });
  const waited = await samples(metrics, "gate_hold_seconds");
  deepEqual([waited.gate_hold_seconds_count, waited.gate_hold_seconds_sum], [2, 1.501]);
  equal(waited['gate_hold_seconds_bucket{le="1"}'], 1);
  equal(waited['gate_hold_seconds_bucket{le="2"}'], 2);
});

Deno.test("a wake is timed by the kind of its start", async () => {
  const metrics = new Metrics();
  metrics.wake("warm", 0.04);
  metrics.wake("cold", 0.9);
  metrics.wake("cold", 1.1);
  const wakes = await samples(metrics, "wake_seconds");
  deepEqual([wakes['wake_seconds_count{start="warm"}'], wakes['wake_seconds_count{start="cold"}']], [1, 2]);
  equal(wakes['wake_seconds_bucket{le="0.05",start="warm"}'], 1);
  equal(wakes['wake_seconds_bucket{le="1",start="cold"}'], 1);
});

Deno.test("a start that was probed is counted by who found first that it serves", async () => {
  const metrics = new Metrics();
  for (const first of ["gateway", "gateway", "kubelet"] as const) metrics.probedStart(first);
  deepEqual(await samples(metrics, "probed_starts_total"), {
    'probed_starts_total{first="gateway"}': 2,
    'probed_starts_total{first="kubelet"}': 1,
  });
});

Deno.test("no label has a view's name: there may be a hundred thousand", async () => {
  const metrics = new Metrics();
  metrics.gate({ kind: "pass", view: "hello" }, 1);
  metrics.gate({ kind: "denied", denial: { kind: "closing", view: "hello" } }, 1);
  metrics.startFailure("a reason that hello made up");
  const text = await metrics.text();
  ok(!text.includes("hello"), text);
  match(text, /start_failures_total\{owner="platform",reason="Other"\} 1/);
});

Deno.test("gauges are read from their sources at each scrape", async () => {
  let held = 3;
  const metrics = new Metrics();
  metrics.read({
    ...QUIET_READINGS,
    held: () => held,
    heldBytes: () => 7,
    watchAges: () => ({ pods: 12.5, services: 1 }),
    refused: () => ["Cluster", "Cluster"],
    unusable: () => ({ templates: 2, grants: 0, "session keys": 1 }),
    pools: () => [{ template: "duckdb", wanted: 5, ready: 3, starting: 2, ended: 0 }],
  });
  deepEqual(await samples(metrics, "gate_held"), { gate_held: 3 });
  held = 4;
  deepEqual(await samples(metrics, "gate_held"), { gate_held: 4 });
  deepEqual(await samples(metrics, "gate_body_bytes"), { gate_body_bytes: 7 });
  deepEqual(await samples(metrics, "watch_age_seconds"), {
    'watch_age_seconds{resource="pods"}': 12.5,
    'watch_age_seconds{resource="services"}': 1,
  });
  deepEqual(await samples(metrics, "xds_refused_resources"), { 'xds_refused_resources{type="Cluster"}': 2 });
  deepEqual(await samples(metrics, "unusable_objects"), {
    'unusable_objects{object="templates"}': 2,
    'unusable_objects{object="session keys"}': 1,
  });
  equal((await samples(metrics, "pool_pods"))['pool_pods{state="ready",template="duckdb"}'], 3);
  match(await metrics.text(), /process_resident_memory_bytes [1-9]\d{6,}/);
});

Deno.test("a pool that is gone leaves no series behind, and a resource that Envoy takes at last counts no more", async () => {
  const metrics = new Metrics();
  let gone = false;
  metrics.read({
    ...QUIET_READINGS,
    pools: () => gone ? [] : [{ template: "duckdb", wanted: 5, ready: 3, starting: 2, ended: 0 }],
    refused: () => gone ? [] : ["Listener"],
  });
  match(await metrics.text(), /duckdb/);
  gone = true;
  equal((await metrics.text()).includes("duckdb"), false);
  deepEqual(await samples(metrics, "xds_refused_resources"), {});
});

Deno.test("the version, the limits and the time of the start are told", async () => {
  const metrics = new Metrics();
  const limits = { held: 1, heldBytes: 2, openPages: 3, running: 4, existing: 5 };
  metrics.say({ version: "1.2.3", startedAt: 1_800_000_000_500, limits });
  const text = await metrics.text();
  match(text, /^view_gateway_build_info\{version="1\.2\.3"\} 1$/m);
  match(text, /^process_start_time_seconds 1800000000\.5$/m);
  const told = text.matchAll(/^view_gateway_(\w+)_limit (\d+)$/gm);
  deepEqual(Object.fromEntries([...told].map(([, name, value]) => [name, Number(value)])), {
    gate_held: 1,
    gate_body_bytes: 2,
    open_pages: 3,
    running_views: 4,
    existing_views: 5,
  });
});

Deno.test("an AssumeRole that fails by the view's own fault is not the platform's", async () => {
  const metrics = new Metrics();
  metrics.assumed(undefined);
  metrics.assumed({ reason: "PackedPolicyTooLarge", message: "" });
  for (const reason of ["StsUnreachable", "AccessDenied"]) metrics.assumed({ reason, message: "" });
  deepEqual(await samples(metrics, "assume_role_total"), {
    'assume_role_total{outcome="succeeded"}': 1,
    'assume_role_total{outcome="refused"}': 1,
    'assume_role_total{outcome="failed"}': 2,
  });
});

Deno.test("resources are counted one by one, by type", async () => {
  const metrics = new Metrics();
  metrics.onUpdate(CLUSTER, 500);
  metrics.onAck(CLUSTER, 499);
  metrics.onNack(CLUSTER, 1);
  deepEqual(Object.values(await samples(metrics, "xds_")), [500, 499, 1]);
});

Deno.test("two of them share nothing, and each metric says what it is", async () => {
  const [one, two] = [new Metrics(), new Metrics()];
  one.onUpdate(CLUSTER, 1);
  deepEqual(await samples(two, "xds_updates_total"), {});
  const text = await one.text();
  for (const name of text.matchAll(/^# TYPE (\S+)/gm)) match(text, new RegExp(`^# HELP ${name[1]} \\S`, "m"));
  match(one.contentType, /^text\/plain/);
});

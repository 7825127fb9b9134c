import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Renewal } from "./activity/leases.ts";
import type { Outcome } from "./gate/launcher.ts";
import type { Verdict } from "./gate/gate.ts";
import { isKnown } from "./view/cause.ts";
import type { Phase } from "./view/state.ts";

/** What is read when the metrics are, because it is known somewhere already. */
export interface Readings {
  /** Requests that wait at the gate. */
  readonly held: () => number;
  /** Seconds since each watch last heard of the API server, by resource. */
  readonly watchAges: () => Readonly<Record<string, number>>;
}

/** The sidecar's metrics, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #views = this.#gauge("views", "Views, by phase.", "phase");
  readonly #launches = this.#counter("launches_total", "Launches, by outcome.", "outcome");
  readonly #outcomes = this.#counter(
    "gate_outcomes_total",
    "Requests that the gate has answered, by outcome.",
    "outcome",
  );
  readonly #renewals = this.#counter("lease_renewals_total", "Renewals of views' leases, by outcome.", "outcome");
  readonly #startFailures = this.#counter(
    "start_failures_total",
    "Starts of this gateway's making that have failed, by reason.",
    "reason",
  );
  readonly #probedStarts = this.#counter(
    "probed_starts_total",
    "Starts that this gateway has probed until they served, by who found it first.",
    "first",
  );
  readonly #assumed = this.#counter("assume_role_total", "AssumeRoles for views' credentials, by outcome.", "outcome");
  readonly #lakeRequests = this.#counter(
    "lake_requests_total",
    "Requests below /_lake/, by what became of them.",
    "outcome",
  );
  readonly #updates = this.#counter("xds_updates_total", "Resources sent to Envoy, by type.", "type");
  readonly #acks = this.#counter("xds_acks_total", "Resources that Envoy has ACKed, by type.", "type");
  readonly #nacks = this.#counter("xds_nacks_total", "Resources that Envoy has NACKed, by type.", "type");
  readonly #hold = new Histogram({
    name: "view_gateway_gate_hold_seconds",
    help: "Seconds that a request waited at the gate before it passed.",
    buckets: [0.005, 0.05, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300],
    registers: [this.#registry],
  });

  constructor(readings: Readings) {
    const register = [this.#registry];
    new Gauge({
      name: "view_gateway_gate_held",
      help: "Requests that wait at the gate now.",
      registers: register,
      collect() {
        this.set(readings.held());
      },
    });
    new Gauge({
      name: "view_gateway_watch_age_seconds",
      help: "Seconds since a watch of Kubernetes last heard of the API server, by resource.",
      labelNames: ["resource"],
      registers: register,
      collect() {
        for (const [resource, age] of Object.entries(readings.watchAges())) this.set({ resource }, age);
      },
    });
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory of the sidecar.",
      registers: register,
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
  }

  /** A view went from one phase to another; undefined stands for a view that does not exist. */
  phase(before: Phase["kind"] | undefined, after: Phase["kind"] | undefined): void {
    if (before === after) return;
    if (before !== undefined) this.#views.dec({ phase: before });
    if (after !== undefined) this.#views.inc({ phase: after });
  }

  launch(outcome: Outcome): void {
    const said = outcome.kind === "launched" ? (outcome.created ? "created" : "joined") : outcome.kind;
    this.#launches.inc({ outcome: said });
  }

  assumed(succeeded: boolean): void {
    this.#assumed.inc({ outcome: succeeded ? "succeeded" : "failed" });
  }

  lakeRequest(outcome: "signed" | "refused" | "failed"): void {
    this.#lakeRequests.inc({ outcome });
  }

  renewal({ kind }: Renewal): void {
    this.#renewals.inc({ outcome: kind });
  }

  /** A start has failed for this reason; one that is not well known counts as `Other`. */
  startFailure(reason: string): void {
    this.#startFailures.inc({ reason: isKnown(reason) ? reason : "Other" });
  }

  /** A start that was probed has come to its end. */
  probedStart(first: "gateway" | "kubelet"): void {
    this.#probedStarts.inc({ first });
  }

  /** @param seconds how long the request waited */
  gate(verdict: Verdict, seconds: number): void {
    this.#outcomes.inc({ outcome: verdict.kind === "denied" ? verdict.denial.kind : verdict.kind });
    if (verdict.kind === "pass") this.#hold.observe(seconds);
  }

  onUpdate(type: string, count: number): void {
    this.#updates.inc({ type }, count);
  }

  onAck(type: string, count: number): void {
    this.#acks.inc({ type }, count);
  }

  onNack(type: string, count: number): void {
    this.#nacks.inc({ type }, count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, label: string): Gauge {
    return new Gauge({ name: `view_gateway_${name}`, help, labelNames: [label], registers: [this.#registry] });
  }

  #counter(name: string, help: string, label: string): Counter {
    return new Counter({ name: `view_gateway_${name}`, help, labelNames: [label], registers: [this.#registry] });
  }
}

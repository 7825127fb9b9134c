/** This folder has the metrics and the log lines of the sidecar. */
import { Registry } from "prom-client";
import type { ReviewOutcome } from "../access/review_cache.ts";
import type { AssignmentOutcome } from "../assignment/assignments.ts";
import type { Verdict } from "../gate/gate.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import type { ClaimOutcome } from "../launch/warm_starts.ts";
import { knownReason, REASONS } from "../view/reasons.ts";
import type { Cause, StartKind, ViewPhase } from "../view/state.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";
import {
  type AssumeOutcome,
  type First,
  type LakeOutcome,
  LAUNCHES,
  type PoolProblem,
  shortType,
  VERDICTS,
} from "./label_values.ts";
import { type Readings, readInto, readProcess } from "./readings.ts";
import { type NamesOf, RegisteredMetrics } from "./registered_metrics.ts";

/** What does not change while the sidecar runs. */
export interface Constants {
  readonly version: string;
  /** When the sidecar was started, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly limits: {
    readonly held: number;
    readonly heldBytes: number;
    readonly openPages: number;
    readonly running: number;
    readonly existing: number;
  };
}

/** The sidecar's metrics, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #metrics = new RegisteredMetrics(this.#registry);
  #readings: Readings | undefined;

  /** Says what does not change. Call it once. */
  say({ version, startedAt, limits }: Constants): void {
    const set = (name: NamesOf<"gauge">, value: number) => this.#metrics.gauge(name).set(value);
    this.#metrics.gauge("view_gateway_build_info").set({ version }, 1);
    set("process_start_time_seconds", startedAt / 1000);
    set("view_gateway_gate_held_limit", limits.held);
    set("view_gateway_gate_body_bytes_limit", limits.heldBytes);
    set("view_gateway_open_pages_limit", limits.openPages);
    set("view_gateway_running_views_limit", limits.running);
    set("view_gateway_existing_views_limit", limits.existing);
  }

  /** From now on, each scrape reads the gauges of these sources. Call it once. */
  read(readings: Readings): void {
    this.#readings = readings;
  }

  /** A view went from one phase to another; undefined stands for a view that does not exist. */
  phase(before: ViewPhase["kind"] | undefined, after: ViewPhase["kind"] | undefined): void {
    if (before === after) return;
    const views = this.#metrics.gauge("view_gateway_views");
    if (before !== undefined) views.dec({ phase: before });
    if (after !== undefined) views.inc({ phase: after });
  }

  launch(outcome: LaunchOutcome): void {
    const said: (typeof LAUNCHES)[number] = outcome.kind === "launched"
      ? (outcome.created ? "created" : "joined")
      : outcome.kind;
    this.#count("view_gateway_launches_total", said);
  }

  claim({ kind }: ClaimOutcome): void {
    this.#count("view_gateway_claims_total", kind);
  }

  assignment(outcome: AssignmentOutcome): void {
    this.#count("view_gateway_assignments_total", outcome);
  }

  poolProblem(problem: PoolProblem): void {
    this.#metrics.counter("view_gateway_pool_problems_total").inc({ problem });
  }

  /** @param cause why there are no credentials; undefined where there are */
  assumed(cause: Cause | undefined): void {
    const owner = cause && REASONS[knownReason(cause.reason)];
    const outcome: AssumeOutcome = owner === undefined ? "succeeded" : owner === "view" ? "refused" : "failed";
    this.#count("view_gateway_assume_role_total", outcome);
  }

  issuerAsked(succeeded: boolean): void {
    this.#count("view_gateway_issuer_asked_total", succeeded ? "succeeded" : "failed");
  }

  lakeRequest(outcome: LakeOutcome): void {
    this.#count("view_gateway_lake_requests_total", outcome);
  }

  tokenReview(outcome: ReviewOutcome): void {
    this.#count("view_gateway_token_reviews_total", outcome);
  }

  accessReview(outcome: ReviewOutcome): void {
    this.#count("view_gateway_access_reviews_total", outcome);
  }

  renewal({ kind }: RenewedJob): void {
    this.#count("view_gateway_lease_renewals_total", kind);
  }

  /** A start has failed for this reason; one that is not well known counts as `Other`. */
  startFailure(reason: string): void {
    const known = knownReason(reason);
    this.#metrics.counter("view_gateway_start_failures_total").inc({ owner: REASONS[known]!, reason: known });
  }

  /** A start that was probed has come to its end. */
  probedStart(first: First): void {
    this.#metrics.counter("view_gateway_probed_starts_total").inc({ first });
  }

  droppedSpans(spans: number): void {
    this.#metrics.counter("view_gateway_traces_dropped_total").inc({}, spans);
  }

  /** @param seconds how long the request waited */
  gate(verdict: Verdict, seconds: number): void {
    const outcome: (typeof VERDICTS)[number] = verdict.kind === "denied" ? verdict.denial.kind : verdict.kind;
    this.#count("view_gateway_gate_outcomes_total", outcome);
    if (verdict.kind === "pass") this.#metrics.histogram("view_gateway_gate_hold_seconds").observe(seconds);
  }

  /** @param seconds from the first request that waited for the view to the first that passed */
  wake(start: StartKind, seconds: number): void {
    this.#metrics.histogram("view_gateway_wake_seconds").observe({ start }, seconds);
  }

  onUpdate(type: string, count: number): void {
    this.#metrics.counter("view_gateway_xds_updates_total").inc({ type: shortType(type) }, count);
  }

  onAck(type: string, count: number): void {
    this.#metrics.counter("view_gateway_xds_acks_total").inc({ type: shortType(type) }, count);
  }

  onNack(type: string, count: number): void {
    this.#metrics.counter("view_gateway_xds_nacks_total").inc({ type: shortType(type) }, count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    readProcess(this.#metrics);
    if (this.#readings !== undefined) readInto(this.#metrics, this.#readings);
    return this.#registry.metrics();
  }

  #count(name: NamesOf<"counter">, outcome: string): void {
    this.#metrics.counter(name).inc({ outcome });
  }
}

/** This folder has the metrics and the log lines of the sidecar. */
import { Counter, Gauge, Registry } from "prom-client";
import type { ReviewOutcome } from "../access/review_cache.ts";
import type { AssignmentOutcome } from "../assignment/assignments.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";
import type { Denial } from "../denial/denial.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import type { ClaimOutcome } from "../launch/warm_starts.ts";
import type { Verdict } from "../gate/gate.ts";
import { addGauges, type Readings } from "./gauges.ts";
import { holdSeconds, wakeSeconds } from "./histograms.ts";
import { CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, SECRET, type TypeUrl } from "../proto/resource.ts";
import { knownReason, REASONS } from "../view/reasons.ts";
import type { StartKind, ViewPhase } from "../view/state.ts";

/** All values of a label; a missing one does not compile. */
const all = <Value extends string>(values: Record<Value, true>) => Object.keys(values) as Value[];

const PHASES = all<ViewPhase["kind"]>({ asleep: true, starting: true, awake: true, failed: true });

const LAUNCHES = all<"created" | "joined" | Exclude<LaunchOutcome["kind"], "launched">>({
  created: true,
  joined: true,
  failed: true,
  paused: true,
  busy: true,
  unavailable: true,
  late: true,
  stopping: true,
  fault: true,
});

const CLAIMS = all<ClaimOutcome["kind"]>({ claimed: true, lost: true, empty: true, refused: true, unavailable: true });

const ASSIGNMENTS = all<AssignmentOutcome>({ assigned: true, failed: true, "no credentials": true, overtaken: true });

const VERDICTS = all<Exclude<Verdict["kind"], "denied"> | Denial["kind"]>({
  "pass": true,
  "handed back": true,
  "sign-in": true,
  forbidden: true,
  "cross-site": true,
  "access-unknown": true,
  "unknown view": true,
  "invalid spec": true,
  "failed": true,
  "waiting": true,
  "too many held": true,
  "too many bytes": true,
  "busy": true,
  "closing": true,
  "unavailable": true,
  "launch timeout": true,
  "not routed": true,
  unreachable: true,
  "fault": true,
  "timeout": true,
});

const RENEWALS = all<RenewedJob["kind"]>({ renewed: true, lost: true, refused: true, unavailable: true });

type LakeOutcome = "signed" | "refused" | "failed";
const LAKE_OUTCOMES = all<LakeOutcome>({ signed: true, refused: true, failed: true });

const REVIEWS = all<ReviewOutcome>({ asked: true, cached: true, stale: true, failed: true });

type PoolProblem = "stopped" | "incomplete" | "refused";
const POOL_PROBLEMS = all<PoolProblem>({ stopped: true, incomplete: true, refused: true });

type First = "gateway" | "kubelet";
const FIRSTS = all<First>({ gateway: true, kubelet: true });

const STARTS = all<StartKind>({ warm: true, cold: true });

const SUCCEEDED_OR_FAILED = all<"succeeded" | "failed">({ succeeded: true, failed: true });

const TYPES = all<TypeUrl>({
  [CLUSTER]: true,
  [ENDPOINTS]: true,
  [EXTENSION]: true,
  [LISTENER]: true,
  [ROUTES]: true,
  [SECRET]: true,
})
  .map(shortly);

/** The sidecar's metrics, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #views = this.#phases();
  readonly #launches = this.#counter("launches_total", "Launches, by outcome.", "outcome", LAUNCHES);
  readonly #claims = this.#counter("claims_total", "Claims of pool pods, by outcome.", "outcome", CLAIMS);
  readonly #assignments = this.#counter(
    "assignments_total",
    "Assignments of claimed pods to their views, by outcome.",
    "outcome",
    ASSIGNMENTS,
  );
  readonly #outcomes = this.#counter(
    "gate_outcomes_total",
    "Requests that the gate has answered, by outcome.",
    "outcome",
    VERDICTS,
  );
  readonly #renewals = this.#counter(
    "lease_renewals_total",
    "Renewals of views' leases, by outcome.",
    "outcome",
    RENEWALS,
  );
  readonly #startFailures = this.#failures();
  readonly #probedStarts = this.#counter(
    "probed_starts_total",
    "Starts that this gateway has probed until they served, by who found it first.",
    "first",
    FIRSTS,
  );
  readonly #poolProblems = this.#counter(
    "pool_problems_total",
    "Problems of warm pools that this gateway has told of.",
    "problem",
    POOL_PROBLEMS,
  );
  readonly #assumed = this.#counter(
    "assume_role_total",
    "AssumeRoles for views' credentials, by outcome.",
    "outcome",
    SUCCEEDED_OR_FAILED,
  );
  readonly #issuerAsked = this.#counter(
    "issuer_asked_total",
    "Requests for the discovery document of the issuer of sign-ins, by outcome.",
    "outcome",
    SUCCEEDED_OR_FAILED,
  );
  readonly #lakeRequests = this.#counter(
    "lake_requests_total",
    "Requests below /_lake/, by what became of them.",
    "outcome",
    LAKE_OUTCOMES,
  );
  readonly #tokenReviews = this.#counter(
    "token_reviews_total",
    "TokenReviews of bearer tokens, by where the answer came from.",
    "outcome",
    REVIEWS,
  );
  readonly #accessReviews = this.#counter(
    "access_reviews_total",
    "Access reviews by RBAC, by where the answer came from.",
    "outcome",
    REVIEWS,
  );
  readonly #updates = this.#counter("xds_updates_total", "Resources sent to Envoy, by type.", "type", TYPES);
  readonly #acks = this.#counter("xds_acks_total", "Resources that Envoy has ACKed, by type.", "type", TYPES);
  readonly #nacks = this.#counter("xds_nacks_total", "Resources that Envoy has NACKed, by type.", "type", TYPES);
  readonly #hold = holdSeconds(this.#registry);
  readonly #wakes = wakeSeconds(this.#registry, STARTS);

  constructor() {
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory of the sidecar.",
      registers: [this.#registry],
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
  }

  /** Adds the gauges of these sources. Call it once. */
  read(readings: Readings): void {
    addGauges(this.#registry, readings);
  }

  /** A view went from one phase to another; undefined stands for a view that does not exist. */
  phase(before: ViewPhase["kind"] | undefined, after: ViewPhase["kind"] | undefined): void {
    if (before === after) return;
    if (before !== undefined) this.#views.dec({ phase: before });
    if (after !== undefined) this.#views.inc({ phase: after });
  }

  launch(outcome: LaunchOutcome): void {
    const said = outcome.kind === "launched" ? (outcome.created ? "created" : "joined") : outcome.kind;
    this.#launches.inc({ outcome: said });
  }

  claim({ kind }: ClaimOutcome): void {
    this.#claims.inc({ outcome: kind });
  }

  assignment(outcome: AssignmentOutcome): void {
    this.#assignments.inc({ outcome });
  }

  poolProblem(problem: PoolProblem): void {
    this.#poolProblems.inc({ problem });
  }

  assumed(succeeded: boolean): void {
    this.#assumed.inc({ outcome: succeeded ? "succeeded" : "failed" });
  }

  issuerAsked(succeeded: boolean): void {
    this.#issuerAsked.inc({ outcome: succeeded ? "succeeded" : "failed" });
  }

  lakeRequest(outcome: LakeOutcome): void {
    this.#lakeRequests.inc({ outcome });
  }

  tokenReview(outcome: ReviewOutcome): void {
    this.#tokenReviews.inc({ outcome });
  }

  accessReview(outcome: ReviewOutcome): void {
    this.#accessReviews.inc({ outcome });
  }

  renewal({ kind }: RenewedJob): void {
    this.#renewals.inc({ outcome: kind });
  }

  /** A start has failed for this reason; one that is not well known counts as `Other`. */
  startFailure(reason: string): void {
    const known = knownReason(reason);
    this.#startFailures.inc({ owner: REASONS[known]!, reason: known });
  }

  /** A start that was probed has come to its end. */
  probedStart(first: First): void {
    this.#probedStarts.inc({ first });
  }

  /** @param seconds how long the request waited */
  gate(verdict: Verdict, seconds: number): void {
    this.#outcomes.inc({ outcome: verdict.kind === "denied" ? verdict.denial.kind : verdict.kind });
    if (verdict.kind === "pass") this.#hold.observe(seconds);
  }

  /** @param seconds from the first request that waited for the view to the first that passed */
  wake(start: StartKind, seconds: number): void {
    this.#wakes.observe({ start }, seconds);
  }

  onUpdate(type: string, count: number): void {
    this.#updates.inc({ type: shortly(type) }, count);
  }

  onAck(type: string, count: number): void {
    this.#acks.inc({ type: shortly(type) }, count);
  }

  onNack(type: string, count: number): void {
    this.#nacks.inc({ type: shortly(type) }, count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #phases(): Gauge {
    const views = new Gauge({
      name: "view_gateway_views",
      help: "Views, by phase.",
      labelNames: ["phase"],
      registers: [this.#registry],
    });
    for (const phase of PHASES) views.set({ phase }, 0);
    return views;
  }

  #failures(): Counter {
    const failures = new Counter({
      name: "view_gateway_start_failures_total",
      help: "Starts of this gateway's making that have failed, by reason and by who can mend it.",
      labelNames: ["owner", "reason"],
      registers: [this.#registry],
    });
    for (const [reason, owner] of Object.entries(REASONS)) failures.inc({ owner, reason }, 0);
    return failures;
  }

  /** All of its series exist from the start, so that the first increase is visible. */
  #counter(name: string, help: string, label: string, values: readonly string[]): Counter {
    const options = { name: `view_gateway_${name}`, help, labelNames: [label], registers: [this.#registry] };
    const counter = new Counter(options);
    for (const value of values) counter.inc({ [label]: value }, 0);
    return counter;
  }
}

/** A type URL's last part. */
function shortly(type: string): string {
  return type.replace(/.*\./, "");
}

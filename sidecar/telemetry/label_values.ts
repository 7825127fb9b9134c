/** All values of the metrics' labels. */
import type { ReviewOutcome } from "../access/review_cache.ts";
import type { AssignmentOutcome } from "../assignment/assignments.ts";
import type { Denial } from "../denial/denial.ts";
import type { Verdict } from "../gate/gate.ts";
import type { KubernetesHealth } from "../kubernetes/watch/watch_health.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import type { ClaimOutcome } from "../launch/warm_starts.ts";
import { CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, SECRET, type TypeUrl } from "../proto/resource.ts";
import type { PoolCounts } from "../view/pool_pods.ts";
import type { StartKind, ViewPhase } from "../view/state.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";

/** A missing value does not compile. */
const all = <Value extends string>(values: Record<Value, true>) => Object.keys(values) as Value[];

export const PHASES = all<ViewPhase["kind"]>({ asleep: true, starting: true, awake: true, failed: true });

export const LAUNCHES = all<"created" | "joined" | Exclude<LaunchOutcome["kind"], "launched">>({
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

export const CLAIMS = all<ClaimOutcome["kind"]>({
  claimed: true,
  lost: true,
  empty: true,
  refused: true,
  unavailable: true,
});

export const ASSIGNMENTS = all<AssignmentOutcome>({
  assigned: true,
  failed: true,
  "no credentials": true,
  overtaken: true,
});

export const VERDICTS = all<Exclude<Verdict["kind"], "denied"> | Denial["kind"]>({
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

export const RENEWALS = all<RenewedJob["kind"]>({ renewed: true, lost: true, refused: true, unavailable: true });

export type LakeOutcome = "signed" | "refused" | "failed";
export const LAKE_OUTCOMES = all<LakeOutcome>({ signed: true, refused: true, failed: true });

export type AssumeOutcome = "succeeded" | "refused" | "failed";
export const ASSUME_OUTCOMES = all<AssumeOutcome>({ succeeded: true, refused: true, failed: true });

export const REVIEWS = all<ReviewOutcome>({ asked: true, cached: true, stale: true, failed: true });

export type PoolProblem = "stopped" | "incomplete" | "refused";
export const POOL_PROBLEMS = all<PoolProblem>({ stopped: true, incomplete: true, refused: true });

export const POOL_STATES = all<Exclude<keyof PoolCounts, "template">>({
  wanted: true,
  ready: true,
  starting: true,
  ended: true,
});

/** Who has found first that a start serves. */
export type First = "gateway" | "kubelet";
export const FIRSTS = all<First>({ gateway: true, kubelet: true });

export const STARTS = all<StartKind>({ warm: true, cold: true });

export const SUCCEEDED_OR_FAILED = all<"succeeded" | "failed">({ succeeded: true, failed: true });

export const WATCHES = all<keyof KubernetesHealth["watches"]>({
  services: true,
  jobs: true,
  pods: true,
  events: true,
  configmaps: true,
});

/** Objects of Kubernetes that somebody may break, without which the gateway goes on. */
export type Unusable = "templates" | "grants" | "session keys";
export const UNUSABLE = all<Unusable>({ templates: true, grants: true, "session keys": true });

/** A type URL's last part. */
export function shortType(type: string): string {
  return type.replace(/.*\./, "");
}

export const TYPES = all<TypeUrl>({
  [CLUSTER]: true,
  [ENDPOINTS]: true,
  [EXTENSION]: true,
  [LISTENER]: true,
  [ROUTES]: true,
  [SECRET]: true,
}).map(shortType);

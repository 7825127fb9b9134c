import { mayStillStart, needsChange } from "../view/cause.ts";
import { remainingPause } from "../view/retry_pause.ts";
import type { Cause, StartKind, ViewPhase, ViewState } from "../view/state.ts";

/** The steps of a start, in their order. */
export const STEPS = [
  "Ask Kubernetes for a pod",
  "Find a node with room",
  "Create the container",
  "Wait until it is ready",
  "Connect the gateway",
] as const;

/** What a view is doing, in words for people. The page gets it as JSON. */
export interface Progress {
  readonly phase: ViewPhase["kind"] | "deleted";
  readonly view: string;
  /** The title of the window. */
  readonly title: string;
  readonly text: string;
  /** Index of the step that is under way, or that has failed. */
  readonly step: number;
  /** Seconds since the start began. */
  readonly elapsed?: number;
  /** Whether the start is warm or cold, where that is known. */
  readonly start?: StartKind;
  readonly cause?: Cause;
  /** Seconds until a request can start the view again. */
  readonly pause?: number;
  /** Whether the progress may change without a further request. */
  readonly goesOn: boolean;
}

/** When the start began, in words; empty where that is not known. */
export function beginning({ elapsed, start }: Pick<Progress, "elapsed" | "start">): string {
  if (elapsed === undefined) return "";
  return `Started ${elapsed} s ago${start === undefined ? "" : ` (${start} start)`}`;
}

/**
 * @param view undefined where there is no such view
 * @param routed whether Envoy knows the endpoints that the view has now
 * @param now milliseconds since the epoch
 */
export function progressOf(name: string, view: ViewState | undefined, routed: boolean, now: number): Progress {
  if (view === undefined) {
    const text = `Somebody has deleted the view ${name}.`;
    return { phase: "deleted", view: name, title: `${name} is deleted`, text, step: 0, goesOn: false };
  }
  const { phase, attempt } = view;
  switch (phase.kind) {
    case "asleep":
      return {
        phase: "asleep",
        view: name,
        title: `Waking ${name}`,
        text: "Asleep. It wakes in a moment.",
        step: 0,
        goesOn: true,
      };
    case "starting":
      return starting(name, STARTING[phase.step], view, now);
    case "awake":
      if (!routed) return starting(name, { step: 4, text: "Awake. The gateway connects to it." }, view, now);
      return { phase: "awake", view: name, title: name, text: "Awake. Opening it.", step: STEPS.length, goesOn: false };
    case "failed":
      return failure(name, phase.cause, attempt && remainingPause(attempt, now));
  }
}

/**
 * The progress of a start that has failed.
 * @param pause seconds until a request can start the view again
 */
export function failure(name: string, cause: Cause, pause: number = 0): Progress {
  const broken = needsChange(cause);
  const pending = mayStillStart(cause) || broken;
  return {
    phase: "failed",
    view: name,
    title: `${name} cannot start`,
    text: broken
      ? "It cannot start until somebody corrects this. Then this page opens it."
      : pending
      ? "It cannot start now. Kubernetes keeps trying, and this page waits."
      : "It cannot start.",
    step: stepOf(cause),
    cause,
    ...!pending && pause > 0 && { pause },
    goesOn: pending,
  };
}

function starting(
  name: string,
  at: { readonly step: number; readonly text: string },
  view: ViewState,
  now: number,
): Progress {
  const began = Date.parse(view.attempt?.createdAt ?? "");
  return {
    phase: "starting",
    view: name,
    title: `Starting ${name}`,
    ...at,
    ...view.start !== undefined && { start: view.start },
    ...!Number.isNaN(began) && { elapsed: Math.max(0, Math.round((now - began) / 1000)) },
    goesOn: true,
  };
}

const STARTING = {
  "no pod": { step: 0, text: "Starting: the gateway asks Kubernetes for a pod." },
  "assigning": { step: 3, text: "Starting: the gateway tells a pod of the warm pool which view it is." },
  "scheduling": { step: 1, text: "Starting: Kubernetes looks for a node with room." },
  "creating container": { step: 2, text: "Starting: Kubernetes creates its container." },
  "waiting for readiness": { step: 3, text: "Starting: its container runs, but is not ready yet." },
} as const;

/** The steps of failures that come before the container runs, by their reasons. */
const FAILED_AT: readonly (readonly [RegExp, number])[] = [
  [
    /^(FailedCreate|Forbidden|Invalid|Invalid(Spec|Template|BucketName)|(Job|Secret)(NameTaken|BeingDeleted)|NoSuchBucket)$/,
    0,
  ],
  [/^Unschedulable$/, 1],
  [/^EnvoyRejected$/, 4],
  [/Image|^(CreateContainer|RunContainer|Start|Container)[A-Z]?/, 2],
];

function stepOf({ reason }: Cause): number {
  return FAILED_AT.find(([reasons]) => reasons.test(reason))?.[1] ?? 3;
}

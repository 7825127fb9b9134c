import { mayStillStart, needsChange } from "../view/cause.ts";
import { remainingPause } from "../view/pause.ts";
import type { Cause, Phase, ViewState } from "../view/state.ts";

/** What a start goes through, in this order. */
export const STEPS = [
  "Ask Kubernetes for a pod",
  "Find a node with room",
  "Create the container",
  "Wait until it is ready",
  "Connect the gateway",
] as const;

/** What a view is doing, in words for people. It goes over to the page as JSON. */
export interface Progress {
  readonly phase: Phase["kind"] | "deleted";
  readonly view: string;
  /** The window's. */
  readonly title: string;
  readonly text: string;
  /** Index of the step that is under way, or at which it went wrong. */
  readonly step: number;
  /** Seconds since the start began. */
  readonly elapsed?: number;
  readonly cause?: Cause;
  /** Seconds until the start can be tried again. */
  readonly pause?: number;
  /** Whether more is to come without anybody asking for it. */
  readonly goesOn: boolean;
}

/**
 * @param view undefined where there is none
 * @param routed whether Envoy knows the endpoints that the view has now
 * @param now milliseconds since the epoch
 */
export function progressOf(name: string, view: ViewState | undefined, routed: boolean, now: number): Progress {
  if (view === undefined) {
    const text = `There is no view ${name} any more.`;
    return { phase: "deleted", view: name, title: `${name} is gone`, text, step: 0, goesOn: false };
  }
  const { phase, attempt } = view;
  switch (phase.kind) {
    case "asleep":
      return {
        phase: "asleep",
        view: name,
        title: `Waking ${name}`,
        text: "Asleep, and about to be woken.",
        step: 0,
        goesOn: true,
      };
    case "starting":
      return starting(name, STARTING[phase.step], view, now);
    case "awake":
      if (!routed) return starting(name, { step: 4, text: "Awake; the gateway connects to it." }, view, now);
      return { phase: "awake", view: name, title: name, text: "Awake. Opening it.", step: STEPS.length, goesOn: false };
    case "failed":
      return failure(name, phase.cause, attempt && remainingPause(attempt, now));
  }
}

/**
 * A start that has failed.
 * @param pause seconds until it can be tried again
 */
export function failure(name: string, cause: Cause, pause: number = 0): Progress {
  const broken = needsChange(cause);
  const pending = mayStillStart(cause) || broken;
  return {
    phase: "failed",
    view: name,
    title: `${name} cannot start`,
    text: broken
      ? "It cannot start until somebody corrects this. The page then goes on by itself."
      : pending
      ? "It cannot start now. That may pass, and this page goes on waiting."
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
    ...!Number.isNaN(began) && { elapsed: Math.max(0, Math.round((now - began) / 1000)) },
    goesOn: true,
  };
}

const STARTING = {
  "no pod": { step: 0, text: "Starting: Kubernetes is asked for a pod." },
  "scheduling": { step: 1, text: "Starting: a node with room for it is looked for." },
  "creating container": { step: 2, text: "Starting: its container is created." },
  "waiting for readiness": { step: 3, text: "Starting: its container runs, and is not ready yet." },
} as const;

/** Where the failures belong that come before the container runs. */
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

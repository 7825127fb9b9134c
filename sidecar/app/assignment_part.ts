import { assignmentBody } from "../assignment/assignment_body.ts";
import { AssignmentNotes } from "../assignment/assignment_notes.ts";
import { AssignmentPosts } from "../assignment/assignment_posts.ts";
import { ASSIGNMENT_FAILED, Assignments, type FilesResult } from "../assignment/assignments.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { Lake, LakeDelivery } from "../lake/lake.ts";
import type { Pools } from "../pool/pools.ts";
import {
  logAssignment,
  logAssignmentFailure,
  logDelivery,
  logDeliveryFailure,
  logNoAssignments,
  logUnnoted,
} from "../telemetry/assignment_lines.ts";
import { logFault } from "../telemetry/log_lines.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { Warn } from "./kubernetes_part.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface AssignmentPart extends SidecarPart {
  readonly assignments: Assignments;
}

export interface AssignmentNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly posts: AssignmentPosts;
  readonly lake: Lake | undefined;
  readonly pools: Pools;
  /** Whether a request or a page waits for the view at this gateway. */
  readonly isAwaited: (view: string) => boolean;
  /** Starts a view again whose pod did not take its assignment. Held requests would do so, and an open page only later. */
  readonly launch: (view: ViewState) => unknown;
  readonly warn: Warn;
}

/** Builds what reaches claimed pods through Envoy. */
export function assignmentPostsOf({ config }: AppContext): AssignmentPosts {
  return new AssignmentPosts(config.socketDirectory, logNoAssignments);
}

/** Brings renewed credentials to pods: to claimed ones as with their assignment, to the others by their kubelet. */
export function deliveryBy(
  posts: AssignmentPosts,
  { pods }: Pick<Kubernetes<ViewState>, "pods">,
): LakeDelivery {
  return {
    assign: async (view, files, signal) => {
      const assignment = view.pod?.assignment;
      if (assignment === undefined) return "it has no address now";
      const answer = await posts.post(assignment, assignmentBody(view, files), signal);
      return answer.kind === "serving" ? undefined : `pod ${assignment.podName} ${answer.detail}`;
    },
    annotate: (pod, notes, signal) => pods.annotate(pod, notes, signal),
    onDelivered: logDelivery,
    onFailure: logDeliveryFailure,
  };
}

/** Builds what tells claimed pods which view they are. */
export function assignmentPart(
  { metrics, time }: AppContext,
  { kubernetes, posts, lake, pools, isAwaited, launch, warn }: AssignmentNeeds,
): AssignmentPart {
  const { views, pods } = kubernetes;
  const notes = new AssignmentNotes({
    annotate: (pod, written, signal) => pods.annotate(pod, written, signal),
    onFailure: logUnnoted,
    onFault: logFault,
    ...time,
  });
  const assignments = new Assignments({
    view: (name) => views.get(name),
    isAwaited,
    files: (view) => filesOf(view, lake),
    post: (assignment, body, signal) => posts.post(assignment, body, signal),
    onAssigned: ({ name, uid: assigned }, { pod, podName, pool }, endAt) => {
      if (endAt !== undefined) lake?.given(name, pod, endAt);
      kubernetes.answered(name, { uid: pod });
      pools.worked(pool);
      const credentialsEnd = endAt === undefined ? {} : { credentialsEnd: new Date(endAt).toISOString() };
      notes.note(name, { name: podName, uid: pod }, { assigned, ...credentialsEnd });
    },
    onFailed: (view, assignment, cause) => {
      logAssignmentFailure(view.name, assignment, cause);
      // Credentials that are missing, or an Envoy that does not answer, are not the pool's fault.
      if (cause.reason === ASSIGNMENT_FAILED) {
        pools.failed(assignment.pool);
        warn(view, { ...cause, once: assignment.pod });
      }
      kubernetes.unassignable(view.name, { uid: assignment.pod, cause });
      const after = views.get(view.name);
      if (after?.phase.kind === "asleep" && isAwaited(view.name)) launch(after);
    },
    onOutcome: (view, outcome, milliseconds) => {
      metrics.assignment(outcome);
      logAssignment(view, outcome, milliseconds);
    },
    onFault: logFault,
    ...time,
  });
  views.subscribe((name, state) => {
    notes.update(name, state);
    assignments.update(name);
  });
  const stop = async () => {
    await Promise.all([assignments.stop(), notes.stop()]);
    posts.close();
  };
  return { name: "assignments", assignments, stop };
}

async function filesOf(view: ViewState, lake: Lake | undefined): Promise<FilesResult> {
  if (lake === undefined) return { kind: "ready", files: {} };
  const found = await lake.podFiles(view);
  switch (found.kind) {
    case "ready":
    case "failed":
      return found;
    case "unavailable":
      return { kind: "unavailable", cause: { reason: "Unavailable", message: found.message } };
    case "fault":
      return { kind: "unavailable", cause: { reason: "Fault", message: "the gateway has failed." } };
  }
}

import type { ViewPod, ViewState } from "../view/state.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/** What brings a pod the view's credentials. */
export interface Delivery {
  readonly pod: ViewPod;
  /** A claimed pod gets them by a POST. For another one the annotation is enough: the kubelet then reads the Secret. */
  readonly post: boolean;
}

/**
 * Milliseconds. A pod that was created this long before the credentials, or less, mounts them: its node has hardly begun with
 * it. Kubernetes rounds the time down to seconds, and its clock may differ.
 */
const MOUNTED = 5_000;

/** What has to be done so that the view's pod has these credentials; undefined while there is nothing to do. */
export function deliveryOf(
  { phase, pod }: Pick<ViewState, "phase" | "pod">,
  { madeAt, endAt }: Pick<SessionCredentials, "madeAt" | "endAt">,
): Delivery | undefined {
  // The assignment itself brings a pod its first credentials.
  if (pod === undefined || phase.kind === "starting" && pod.claimed) return undefined;
  if (Date.parse(pod.credentialsEnd ?? "") >= endAt) return undefined;
  if (pod.claimed) return pod.assignment && { pod, post: true };
  return madeAt - Date.parse(pod.createdAt) > MOUNTED ? { pod, post: false } : undefined;
}

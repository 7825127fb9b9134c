/** This folder keeps warm pools: started pods that belong to no view, of which a launch takes one. */
import type { PoolPod } from "../view/claim.ts";
import type { Template } from "../view/template.ts";

/** The pods that a launch may claim. */
export interface Pools {
  /**
   * A ready pod of this template's pool, which nobody else in this process has taken; undefined if there is none. It stays
   * taken until it is given back, or leaves the pool.
   * @param templateName undefined for the default template
   */
  take(templateName: string | undefined, template: Template): PoolPod | undefined;
  /** Another launch may take the pod: it was not claimed. */
  giveBack(pod: PoolPod): void;
  /** Somebody else has claimed the pod, or it has ended. If it is still there after a while, it may be taken again. */
  lost(pod: PoolPod): void;
  /** A pod that was claimed from this pool did not become the view's; the pool rests for a while. */
  failed(pool: string): void;
  /** A pod that was claimed from this pool has become the view's. */
  worked(pool: string): void;
}

/** This folder keeps warm pools: started pods that belong to no view, of which a launch takes one. */
import type { Template } from "../view/template.ts";

/** A started pod that belongs to no view yet. */
export interface PoolPod {
  readonly name: string;
  readonly uid: string;
  /** Name of the pool's Job. */
  readonly pool: string;
  /** The pool's Job, which owns the pod. */
  readonly job: { readonly name: string; readonly uid: string };
}

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

/** Where no template has a pool. */
export const NO_POOLS: Pools = {
  take: () => undefined,
  giveBack: () => {},
  lost: () => {},
  failed: () => {},
  worked: () => {},
};

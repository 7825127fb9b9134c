/** What this gateway allows of a view's spec. */
export interface FormLimits {
  readonly times: {
    /** The default, and the least and the most that a view may say. */
    readonly idleSeconds: number;
    readonly minIdleSeconds: number;
    readonly maxIdleSeconds: number;
    /** The default too. */
    readonly maxLifetimeSeconds: number;
  };
  /** Whether there is a lake, so that views can have subsets. */
  readonly hasLake: boolean;
  /** Whether a spec may say `public`. */
  readonly publicViews: boolean;
}

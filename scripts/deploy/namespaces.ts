/** The two namespaces of one gateway. */
export interface Namespaces {
  /** Of its pods. */
  readonly gateway: string;
  /** Of its views. */
  readonly views: string;
}

/** As `gateway/base` and `gateway/views` name them, and the demo. */
export const DEMO_NAMESPACES: Namespaces = { gateway: "view-gateway", views: "views" };

/** For a gateway of tests or a bench, beside others in one cluster. */
export function namespacesNamed(name: string): Namespaces {
  return { gateway: name, views: `${name}-views` };
}

/** This folder decides who asks, and what they may do with a view. */

/** Who asks, as Kubernetes knows users. */
export interface Identity {
  readonly user: string;
  readonly email?: string | undefined;
  readonly groups: readonly string[];
}

/** Who has not said who they are: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests */
export const ANONYMOUS: Identity = { user: "system:anonymous", groups: ["system:unauthenticated"] };

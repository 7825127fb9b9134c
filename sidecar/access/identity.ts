/** This folder decides who the user of a request is, and what they may do with a view. */

/** A user, by their name in Kubernetes. */
export interface Identity {
  readonly user: string;
  readonly email?: string | undefined;
  readonly groups: readonly string[];
}

/** The user of a request without a proof: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests */
export const ANONYMOUS: Identity = { user: "system:anonymous", groups: ["system:unauthenticated"] };

/** The gateway itself, which reads views' buckets. Kubernetes keeps names with `system:` for itself, so nobody else has it. */
export const GATEWAY: Identity = { user: "system:view-gateway", groups: [] };

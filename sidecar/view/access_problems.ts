import type { Invalid, View } from "@view-gateway/types";

/** Kubernetes' names for who has not said who they are: https://kubernetes.io/docs/reference/access-authn-authz/authentication/ */
const ANONYMOUS_NAMES: readonly string[] = ["system:anonymous", "system:unauthenticated"];

/** What no schema can find in a spec's `access`; pointers are into the spec. A view is open to nobody else by accident. */
export function accessProblems({ users = [], groups = [] }: NonNullable<View["access"]>): readonly Invalid[] {
  return Object.entries({ users, groups }).flatMap(([member, names]) =>
    names.flatMap((name, i) =>
      ANONYMOUS_NAMES.includes(name)
        ? [{ pointer: `/access/${member}/${i}`, detail: `must not be ${name}: only "public" opens a view to all` }]
        : []
    )
  );
}

/** What a service account may do in a namespace: verbs by resource, or by `resource/name`. */
export type ServiceAccountRights = Readonly<Record<string, readonly string[]>>;

/** Runs kubectl as the test's own user. */
export type RunKubectl = (...args: string[]) => Promise<string>;

interface Rule {
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Apart from what everybody may ask about themselves. */
export async function serviceAccountRights(
  user: string,
  namespace: string,
  kubectl: RunKubectl,
): Promise<ServiceAccountRights> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
    await Deno.writeTextFile(file, JSON.stringify(review));
    const args = ["create", `--as=${user}`, "--validate=false", "--output=json", "--filename", file];
    const rules: readonly Rule[] = JSON.parse(await kubectl(...args)).status.resourceRules;
    const found: Record<string, readonly string[]> = {};
    for (const { resources = [], resourceNames = [""], verbs } of rules) {
      for (const resource of resources.filter((name) => !name.startsWith("selfsubject"))) {
        for (const name of resourceNames) {
          const key = name === "" ? resource : `${resource}/${name}`;
          found[key] = [...found[key] ?? [], ...verbs].sort();
        }
      }
    }
    return found;
  } finally {
    await Deno.remove(file);
  }
}

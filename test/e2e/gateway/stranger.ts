import { core, ifThere, rbac } from "../cluster/cluster.ts";
import { clientToken } from "./client_token.ts";
import { uniqueName } from "./gateway.ts";
import type { View } from "./view.ts";

/** A service account of a story's own, which has no rights until somebody lets it open a view. */
export class Stranger implements AsyncDisposable {
  readonly token: string;
  readonly #namespace: string;
  readonly name: string;

  private constructor(namespace: string, name: string, token: string) {
    this.#namespace = namespace;
    this.name = name;
    this.token = token;
  }

  static async in(namespace: string): Promise<Stranger> {
    const name = uniqueName("stranger");
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    return new Stranger(namespace, name, await clientToken(namespace, name));
  }

  /** Lets the stranger open this view and no other one, as an operator does. */
  async mayOpen(view: View): Promise<void> {
    await this.#allow({ resourceNames: [view.name], verbs: ["open"] });
  }

  /** Lets the stranger create views, and see no others. */
  async mayCreate(): Promise<void> {
    await this.#allow({ verbs: ["create"] });
  }

  async #allow(rule: { readonly resourceNames?: string[]; readonly verbs: string[] }): Promise<void> {
    const [namespace, name] = [this.#namespace, this.name];
    const rules = [{ apiGroups: [""], resources: ["services"], ...rule }];
    await rbac.createNamespacedRole({ namespace, body: { metadata: { name }, rules } });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    await rbac.createNamespacedRoleBinding({ namespace, body: { metadata: { name }, roleRef, subjects } });
  }

  /** Takes that back. */
  async mayNot(): Promise<void> {
    await ifThere(rbac.deleteNamespacedRoleBinding({ namespace: this.#namespace, name: this.name }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const one = { namespace: this.#namespace, name: this.name };
    await this.mayNot();
    await ifThere(rbac.deleteNamespacedRole(one));
    await ifThere(core.deleteNamespacedServiceAccount(one));
  }
}

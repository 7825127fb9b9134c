import { expect, test } from "vitest";
import { rbac } from "../../cluster/cluster.ts";
import { environment } from "../../environment.ts";
import { theSignInGateway } from "../../gateway/gateway.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";

const ROLE = "view-gateway";
/** Milliseconds between two requests. */
const PACE = 500;
/** So long that a view is awake during the fault, and its lease has to be renewed all the time. */
const IDLE_SECONDS = 10;

const { signInNamespace: namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "a Role that lacks rights raises ViewGatewayClaimsRefused and ViewGatewayRenewalsFail until it has them",
  { timeout: 300_000 },
  async () => {
    const gateway = await theSignInGateway();
    const replica = ownReplica(gateway);
    await using _scraped = await scrapedGateway(namespace);
    await using warm = await gateway.create("alerts-claims", { template: "default-warm" }, replica);
    const used = await Promise.all(
      Array.from({ length: 3 }, () => gateway.create("alerts-lease", { idleSeconds: IDLE_SECONDS }, replica)),
    );
    await using stack = new AsyncDisposableStack();
    for (const view of used) {
      stack.use(view);
      expect((await view.askThrough(replica)).status).toBe(200);
    }
    const labels = { namespace };
    await fireAndResolve(
      [
        { alert: "ViewGatewayClaimsRefused", severity: "warning", labels },
        { alert: "ViewGatewayRenewalsFail", severity: "page", labels },
      ],
      async () => {
        await using fault = new AsyncDisposableStack();
        fault.use(await withoutPatches(gateway.viewsNamespace));
        fault.use(repeatedly(() => Promise.all(used.map((view) => view.askThrough(replica))), PACE));
        await warm.askThrough(replica);
        return fault.move();
      },
    );
  },
);

/** The gateway may patch neither Jobs nor pods. */
async function withoutPatches(viewsNamespace: string): Promise<AsyncDisposable> {
  const role = { namespace: viewsNamespace, name: ROLE };
  const { rules } = await rbac.readNamespacedRole(role);
  const set = (value: typeof rules) =>
    rbac.patchNamespacedRole({ ...role, body: [{ op: "replace", path: "/rules", value }] });
  const without = rules!.map((rule) => {
    const patched = rule.resources?.some((resource) => resource === "jobs" || resource === "pods");
    return patched ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== "patch") } : rule;
  });
  await set(without);
  return {
    async [Symbol.asyncDispose]() {
      await set(rules);
    },
  };
}

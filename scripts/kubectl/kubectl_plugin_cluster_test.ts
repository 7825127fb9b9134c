import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clusterTest, type Namespace } from "../../sidecar/kubernetes/testing/namespace.ts";
import { createServiceAccount } from "../../sidecar/kubernetes/testing/service_account.ts";
import { InstalledPlugin } from "./testing/installed_plugin.ts";

const plugin = await InstalledPlugin.build();

/** A gateway that answers each request with one view, and notes the tokens. */
function gateway(view: object) {
  const tokens: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ headers, url }) => {
    tokens.push(headers.get("authorization") ?? "");
    return Response.json(new URL(url).pathname === "/_api/views" ? { items: [view], total: 1 } : view);
  });
  return { address: `http://127.0.0.1:${server.addr.port}`, tokens, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** The cluster's kubeconfig, whose context also says this of the gateway. */
async function kubeconfigWith({ name }: Namespace, extension: object): Promise<string> {
  const config = parse(await Deno.readTextFile(Deno.env.get("KUBECONFIG")!));
  const { context } = config.contexts.find((one: { name: string }) => one.name === config["current-context"]);
  context.namespace = name;
  context.extensions = [{ name: "view-gateway", extension }];
  const file = join(plugin.directory, `${name}.yaml`);
  await Deno.writeTextFile(file, stringify(config), { mode: 0o600 });
  return file;
}

const claimsOf = (authorization: string) =>
  JSON.parse(atob(authorization.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/")));

clusterTest("kubectl runs the plugin, which sends a token for the gateway alone", async (namespace) => {
  await createServiceAccount(namespace, "ci");
  await using to = gateway({
    name: "sales",
    phase: "asleep",
    createdAt: "2026-01-01T00:00:00Z",
    route: { url: "http://s/" },
  });
  const KUBECONFIG = await kubeconfigWith(namespace, { gateway: to.address, serviceAccount: "ci" });
  const listed = await plugin.run("kubectl", ["view", "list", "--output=name"], { KUBECONFIG });
  deepEqual(listed, { code: 0, out: "sales\n", err: "" });
  equal(to.tokens.length, 1);
  const { aud, sub } = claimsOf(to.tokens[0]!);
  deepEqual([aud, sub], [["view-gateway"], `system:serviceaccount:${namespace.name}:ci`]);

  const known = await plugin.run("kubectl", ["plugin", "list"], { KUBECONFIG });
  match(known.out, /\/kubectl-view$/m);
  doesNotMatch(`${known.out}${known.err}`, /warning/i);

  // Another gateway gets nothing of this context.
  await using other = gateway({ name: "other" });
  await plugin.run("kubectl", ["view", "list", `--gateway=${other.address}`], { KUBECONFIG });
  deepEqual(other.tokens, [""]);
});

clusterTest("why has the Events of a view's objects, where the person may read them", async (namespace) => {
  const about = (kind: string, name: string, message: string) =>
    namespace.call("POST", "api/v1/events", {
      metadata: { name: `${name}.${crypto.randomUUID().slice(0, 8)}` },
      involvedObject: { kind, name, namespace: namespace.name },
      ...{ type: "Warning", reason: "Failed", message, lastTimestamp: "2026-01-01T00:00:00Z" },
    });
  await about("Pod", "sales-x7k2p", "no such image");
  await about("Job", "sales", "quota exceeded");
  await about("Job", "sales-eu", "of another view");
  await about("Pod", "sales-eu-x7k2p", "of another view");
  const cause = { reason: "ErrImagePull", message: "no" };
  await using to = gateway({
    name: "sales",
    phase: "failed",
    cause,
    createdAt: "2026-01-01T00:00:00Z",
    route: { url: "http://s/" },
  });
  const KUBECONFIG = await kubeconfigWith(namespace, { gateway: to.address });
  const { code, out } = await plugin.run("kubectl", ["view", "why", "sales"], { KUBECONFIG });
  equal(code, 0);
  match(out, /\nEvents:\n {2}LAST SEEN .*\n.*Pod\/sales-x7k2p +no such image\n/);
  match(out, /Job\/sales +quota exceeded/);
  doesNotMatch(out, /of another view/);
  const nobody = await plugin.run("kubectl", ["view", "why", "sales"], {
    KUBECONFIG: "/dev/null",
    VIEW_GATEWAY: to.address,
  });
  match(nobody.out, /\nEvents: kubectl cannot read them: /);
});

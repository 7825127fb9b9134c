import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { eventually } from "../../testing/eventually.ts";
import { faultProxy, plain } from "../testing/fault_proxy.ts";
import { clusterTest } from "../testing/namespace.ts";
import { createServiceAccount } from "../testing/service_account.ts";
import { Transport } from "../transport.ts";
import { Reviews } from "./reviews.ts";

const AUDIENCE = "view-gateway";

clusterTest("a token for the gateway gives its user, and no other token does", async (namespace) => {
  const { transport, signal } = namespace;
  const reviews = new Reviews(transport, namespace.name);
  const robot = await createServiceAccount(namespace, "robot");
  const reviewed = (token: string) => reviews.token(token, AUDIENCE, signal);
  const good = await reviewed(await robot.token(AUDIENCE));
  equal(good.kind === "authenticated" && good.user, robot.user);
  deepEqual(good.kind === "authenticated" && good.groups.includes(`system:serviceaccounts:${namespace.name}`), true);
  equal((await reviewed(await robot.token(AUDIENCE, "other"))).kind, "authenticated");
  // The API server takes this one for itself.
  equal((await reviewed(await robot.token())).kind, "refused");
  equal((await reviewed(await robot.token("other"))).kind, "refused");
  const forged = `${(await robot.token(AUDIENCE)).slice(0, -8)}AAAAAAAA`;
  equal((await reviewed(forged)).kind, "refused");
  equal((await reviewed("a.b.c")).kind, "refused");
});

clusterTest("the token of a deleted service account is nobody's, also if another has its name", async (namespace) => {
  const { transport, signal } = namespace;
  const reviews = new Reviews(transport, namespace.name);
  const robot = await createServiceAccount(namespace, "robot");
  const token = await robot.token(AUDIENCE);
  const kind = async () => (await reviews.token(token, AUDIENCE, signal)).kind;
  equal(await kind(), "authenticated");
  await robot.delete();
  // The API server itself remembers good tokens for ten seconds.
  await eventually("the token is refused", async () => await kind() === "refused", 30);
  await createServiceAccount(namespace, "robot");
  equal(await kind(), "refused");
});

clusterTest(
  "RBAC tells who may do what with which view, and `edit` does not let anybody open one",
  async (namespace) => {
    const { transport, signal } = namespace;
    const reviews = new Reviews(transport, namespace.name);
    const robot = await createServiceAccount(namespace, "robot");
    const may = async (verb: string, name?: string) =>
      (await reviews.access({ user: robot.user, groups: [], verb, name }, signal)).kind;
    equal(await may("open", "sales"), "denied");
    const revoke = await robot.allow(["open"], "sales");
    await eventually("the right has changed", async () => await may("open", "sales") === "allowed");
    deepEqual([await may("open", "other"), await may("open"), await may("delete", "sales")], Array(3).fill("denied"));
    await revoke();
    await eventually("the right has changed", async () => await may("open", "sales") === "denied");
    await namespace.call("POST", "apis/rbac.authorization.k8s.io/v1/rolebindings", {
      metadata: { name: "edit" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
      subjects: [{ kind: "ServiceAccount", name: "robot" }],
    });
    await eventually("the right has changed", async () => await may("delete", "sales") === "allowed");
    equal(await may("open", "sales"), "denied");
  },
);

clusterTest("rights count in the views' namespace alone, and groups give them too", async (namespace) => {
  const { transport, signal } = namespace;
  const robot = await createServiceAccount(namespace, "robot");
  await robot.allow(["open"]);
  const asks = { user: robot.user, groups: [], verb: "open", name: "sales" };
  await eventually(
    "the right has changed",
    async () => (await new Reviews(transport, namespace.name).access(asks, signal)).kind === "allowed",
  );
  equal((await new Reviews(transport, "default").access(asks, signal)).kind, "denied");
  const masters = { ...asks, user: "somebody", groups: ["system:masters"] };
  equal((await new Reviews(transport, "default").access(masters, signal)).kind, "allowed");
});

clusterTest("an API server that does not answer well says nothing, and its address stays inside", async (namespace) => {
  const statuses = { forbidden: 403, overloaded: 429, broken: 500, empty: 200 };
  for (const [name, status] of Object.entries(statuses)) {
    await using proxy = await faultProxy(namespace.load(), () => Promise.resolve(new Response("", { status })));
    const transport = new Transport(proxy.load);
    const answer = await new Reviews(transport, namespace.name).token("a.b.c", AUDIENCE, namespace.signal);
    equal(answer.kind, "unknown", name);
    transport.close();
  }
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const transport = new Transport(() => plain(`http://127.0.0.1:${port}`));
  const access = { user: "somebody", groups: [], verb: "open", name: "sales" };
  const answer = await new Reviews(transport, namespace.name).access(access, namespace.signal);
  deepEqual(answer.kind === "unknown" && answer.detail, "The API server cannot be reached.");
  match(answer.kind === "unknown" ? answer.message : "", /127\.0\.0\.1/);
  const over = AbortSignal.abort(new Error("over"));
  await rejects(new Reviews(transport, namespace.name).access(access, over), /over/);
  transport.close();
});

import { deepEqual, equal, match } from "node:assert/strict";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { lakeView, World } from "./testing/vending_world.ts";

const timeout = (waitsFor: string) => ({
  kind: "failed",
  cause: {
    reason: "CredentialsTimeout",
    message: `There were no credentials for the lake after 0.1 s. The gateway still waited for ${waitsFor}.`,
  },
});

Deno.test("credentials that do not come in time say what they waited for: STS, or another gateway", async () => {
  await using world = new World();
  world.hang = true;
  const [first, second] = [world.replica({ need: 100 }), world.replica({ need: 100 })];
  deepEqual(await first.ensure(lakeView), timeout("STS"));
  deepEqual(await second.ensure(lakeView), timeout("another gateway to make them"));
});

/** A world whose view has a Secret that is being deleted. */
async function leaving(world: World, ...finalizers: string[]) {
  await world.replica().ensure(lakeView);
  const secret = world.secrets.held.get("hello")!;
  const metadata = { ...secret.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers };
  world.secrets.held.set("hello", { ...secret, metadata });
}

Deno.test("a Secret whose deletion does not end is what was waited for", async () => {
  await using world = new World();
  await leaving(world, "foregroundDeletion");
  deepEqual(
    await world.replica({ need: 100, moment: 0 }).ensure(lakeView),
    timeout("Kubernetes to delete its former Secret"),
  );
});

Deno.test("a finalizer that keeps a Secret is named after a moment", async () => {
  await using world = new World();
  await leaving(world, "example.com/hold");
  const vended = await world.replica({ moment: 20 }).ensure(lakeView);
  equal(vended.kind === "failed" && vended.cause.reason, "SecretBeingDeleted");
  match(
    JSON.stringify(vended),
    /former Secret hello is still being deleted: the finalizer example\.com\/hold keeps it/,
  );
  world.secrets.held.delete("hello");
  equal((await world.replica().ensure(lakeView)).kind, "ready");
});

Deno.test("what Kubernetes denies is a failure with its reason; what it cannot do now is temporary", async () => {
  await using world = new World();
  const failing = (error: Error) => {
    world.secrets.get = () => Promise.reject(error);
    return world.replica().ensure(lakeView);
  };
  deepEqual(await failing(new KubernetesError("Forbidden", "no Secrets for you")), {
    kind: "failed",
    cause: { reason: "Forbidden", message: "no Secrets for you" },
  });
  deepEqual(await failing(new KubernetesError("Unreachable", "connection refused")), {
    kind: "unavailable",
    message: "connection refused",
  });
  deepEqual(world.faults, []);
});

Deno.test("what nobody has thought of goes to the log, and its words to nobody else", async () => {
  await using world = new World();
  const fault = new TypeError("x is not a function");
  world.secrets.get = () => Promise.reject(fault);
  deepEqual(await world.replica().ensure(lakeView), { kind: "fault" });
  deepEqual(world.faults, [fault]);
});

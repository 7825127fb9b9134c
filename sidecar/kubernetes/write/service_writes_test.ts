import { deepEqual, equal, rejects } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import { ServiceWrites } from "./service_writes.ts";
import { clusterTest } from "../testing/namespace.ts";

const service = (name: string): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { clusterIP: "None", selector: { a: "b" } },
});

clusterTest("a view's Service is created once, and deleted only if its UID matches", async (namespace) => {
  const { transport, signal } = namespace;
  const services = new ServiceWrites(transport, namespace.name);
  const created = await services.create(service("hello"), signal);
  equal(created.kind, "created");
  equal((await services.create(service("hello"), signal)).kind, "exists");

  const uid = created.kind === "created" ? created.uid : "";
  equal((await services.delete("hello", "another", signal)).kind, "gone");
  equal((await services.delete("hello", uid, signal)).kind, "deleted");
  equal((await services.delete("hello", uid, signal)).kind, "gone");
});

clusterTest("a rejected Service is refused with Kubernetes' words, and an abort is no refusal", async (namespace) => {
  const services = new ServiceWrites(namespace.transport, namespace.name);
  const refused = await services.create(service("Hello"), namespace.signal);
  deepEqual(refused.kind === "refused" && [refused.cause.reason, /Hello/.test(refused.cause.message)], [
    "Invalid",
    true,
  ]);
  await rejects(services.create(service("hello"), AbortSignal.abort(new Error("stopped"))), /stopped/);
});

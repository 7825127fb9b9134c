import { deepEqual, equal, rejects } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import { systemTime } from "../../async/time.ts";
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
  const services = new ServiceWrites(transport, namespace.name, systemTime);
  const created = await services.create(service("hello"), signal);
  equal(created.kind, "created");
  equal((await services.create(service("hello"), signal)).kind, "exists");

  const uid = created.kind === "created" ? created.uid : "";
  equal((await services.delete("hello", "another", signal)).kind, "gone");
  const version = created.kind === "created" ? created.resourceVersion : "";
  equal((await services.delete("hello", uid, signal, `${version}0`)).kind, "gone");
  equal((await services.delete("hello", uid, signal, version)).kind, "deleted");
  equal((await services.delete("hello", uid, signal)).kind, "gone");
});

clusterTest("a rejected Service is refused with Kubernetes' words, and an abort is no refusal", async (namespace) => {
  const services = new ServiceWrites(namespace.transport, namespace.name, systemTime);
  const refused = await services.create(service("Hello"), namespace.signal);
  deepEqual(refused.kind === "refused" && [refused.cause.reason, /Hello/.test(refused.cause.message)], [
    "Invalid",
    true,
  ]);
  await rejects(services.create(service("hello"), AbortSignal.abort(new Error("stopped"))), /stopped/);
});

clusterTest(
  "a view's spec is changed only in the version that somebody has seen, and nothing else of it",
  async (namespace) => {
    const { transport, signal, call } = namespace;
    const services = new ServiceWrites(transport, namespace.name, systemTime);
    const owned = {
      metadata: { name: "hello", labels: { a: "b" }, annotations: { "view.yolean.se/owner": "oidc:alice" } },
    };
    await namespace.createService("hello", owned);
    const version = async () => ({ name: "hello", ...(await call("GET", "api/v1/services/hello")).metadata });
    const first = await version();
    const changed = await services.change(first, { subsets: [], public: true }, signal);

    const { resourceVersion, ...second } = await version();
    deepEqual(changed, { kind: "changed", resourceVersion });
    deepEqual(second.annotations, {
      "view.yolean.se/owner": "oidc:alice",
      "view.yolean.se/spec": '{"subsets":[],"public":true}',
    });
    deepEqual([second.labels, second.uid], [{ a: "b" }, first.uid]);
    equal((await services.change(first, { subsets: [] }, signal)).kind, "lost");
    const last = { name: "hello", resourceVersion };
    await namespace.deleteService("hello");
    equal((await services.change(last, { subsets: [] }, signal)).kind, "lost");
    await namespace.createService("hello", owned);
    equal((await services.change(last, { subsets: [] }, signal)).kind, "lost");
  },
);

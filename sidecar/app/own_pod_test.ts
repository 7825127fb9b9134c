import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";

/** Somewhere else than the views of a test. */
const ELSEWHERE = "default";

/** A pod that stays as "being deleted" until the end of its scope. */
async function ownPod({ transport }: Namespace): Promise<{ name: string; delete(): Promise<void> } & AsyncDisposable> {
  const name = `gateway-${crypto.randomUUID().slice(0, 8)}`;
  const pods = `/api/v1/namespaces/${ELSEWHERE}/pods`;
  const { signal } = new AbortController();
  const send = (method: string, path: string, contentType: string, body?: object) =>
    transport.call(
      { method, path, headers: { "content-type": contentType }, body: body && JSON.stringify(body) },
      signal,
    );
  const remove = () => send("DELETE", `${pods}/${name}`, "application/json").then(() => {});
  await send("POST", pods, "application/json", {
    metadata: { name, finalizers: ["view.yolean.se/test"] },
    spec: { containers: [{ name: "gateway", image: "example.test/gateway:1" }] },
  });
  return {
    name,
    delete: remove,
    [Symbol.asyncDispose]: async () => {
      await send("PATCH", `${pods}/${name}`, "application/merge-patch+json", { metadata: { finalizers: null } });
      await remove().catch(() => {});
    },
  };
}

clusterTest("a gateway whose pod is deleted drains, though its views are in another namespace", async (namespace) => {
  await using pod = await ownPod(namespace);
  const config = { podName: pod.name, podNamespace: ELSEWHERE, envoyAdminAddress: "127.0.0.1:1" };
  await using replica = await Replica.start(namespace, { config });
  await eventually("the gateway is ready", async () => (await replica.probe("/readyz")).status === 200);
  await pod.delete();
  await eventually("the gateway says that it ends", async () => {
    const { status, text } = await replica.probe("/readyz");
    return status === 503 && text.includes("The gateway ends.");
  });
});

/** What a later version may write, and this one does not know: after a rollback, and while both are at work. */
import { deepEqual, equal, match } from "node:assert/strict";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";

/** Written by a later version. */
const NEWER = { "view.yolean.se/newer": "of a later version" };
const NEWER_LABEL = { "view.yolean.se/newer": "yes" };
const SPEC = "view.yolean.se/spec";

const metadata = (name: string, spec: object, annotations = {}, labels = {}) => ({
  name,
  labels: { "view.yolean.se/name": name, ...labels },
  annotations: { [SPEC]: JSON.stringify(spec), ...annotations },
});

const viewIn = async (replica: Replica, name: string) => JSON.parse((await replica.api(`/_api/views/${name}`)).body);

clusterTest("a spec with a member of a later version fails its own view, and the others go on", async (namespace) => {
  const spec = { subsets: [], bookmark: "/report", access: { users: ["ada"] } };
  await namespace.createService("newer", { metadata: metadata("newer", spec) });
  await namespace.createService("plain", { metadata: metadata("plain", { subsets: [] }) });
  await using replica = await Replica.start(namespace, { template: podTemplate() });

  equal((await replica.check("plain")).status, 200);
  equal((await replica.check("newer")).status, 500);
  const { phase, cause } = await viewIn(replica, "newer");
  deepEqual([phase, cause.reason], ["failed", "InvalidSpec"]);
  match(cause.message, /\/bookmark is not known/);
  // The whole list is there, and a change takes nothing away from a spec that is not understood.
  const { items } = JSON.parse((await replica.api("/_api/views")).body);
  deepEqual(items.map(({ name }: { readonly name: string }) => name), ["newer", "plain"]);
  const headers = { "content-type": "application/merge-patch+json" };
  const body = JSON.stringify({ idleSeconds: 600 });
  equal((await replica.api("/_api/views/newer", "PATCH", { headers, body })).status, 409);
  const { annotations } = (await namespace.call("GET", "api/v1/services/newer")).metadata;
  deepEqual(JSON.parse(annotations![SPEC]!), spec);

  // The later version comes back, or somebody takes the member away.
  await namespace.annotate("newer", JSON.stringify({ subsets: [] }));
  await eventually("the view sleeps", async () => (await viewIn(replica, "newer")).phase === "asleep");
  equal((await replica.check("newer")).status, 200);
});

clusterTest("annotations and labels of a later version stay where they are, and change nothing", async (namespace) => {
  await namespace.createService("marked", { metadata: metadata("marked", { subsets: [] }, NEWER, NEWER_LABEL) });
  await using replica = await Replica.start(namespace, { template: podTemplate({ annotations: NEWER }) });
  await writeTemplates(namespace, {
    default: podTemplate({ annotations: NEWER, labels: NEWER_LABEL }),
    later: "kind: LaterTemplate",
  });

  equal((await replica.check("marked")).status, 200);
  const headers = { "content-type": "application/merge-patch+json" };
  const body = JSON.stringify({ idleSeconds: 600 });
  equal((await replica.api("/_api/views/marked", "PATCH", { headers, body })).status, 200);
  const { annotations, labels } = (await namespace.call("GET", "api/v1/services/marked")).metadata;
  deepEqual([annotations!["view.yolean.se/newer"], labels!["view.yolean.se/newer"]], ["of a later version", "yes"]);
  deepEqual(JSON.parse(annotations![SPEC]!), { subsets: [], idleSeconds: 600 });

  // A Job of a later version is renewed and shown like an own one.
  const { transport, name, signal } = namespace;
  await transport.call({
    method: "PATCH",
    path: `/apis/batch/v1/namespaces/${name}/jobs/marked`,
    headers,
    body: JSON.stringify({ metadata: { annotations: NEWER, labels: NEWER_LABEL } }),
  }, signal);
  await eventually("it is awake", async () => (await viewIn(replica, "marked")).phase === "awake");
  equal((await viewIn(replica, "marked")).restartNeeded, undefined);
});

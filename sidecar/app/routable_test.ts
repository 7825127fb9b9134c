import { deepEqual, equal, match } from "node:assert/strict";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";
import { eventually } from "../testing/eventually.ts";

const NAME = "view.yolean.se/name";

/** A view's Service as a person writes it by hand. */
function apply(namespace: Namespace, name: string, spec: object = {}) {
  return namespace.createService(name, {
    metadata: { name, labels: { [NAME]: name }, annotations: { "view.yolean.se/spec": '{"subsets": []}' } },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { [NAME]: name },
      ports: [{ name: "http", port: 80, targetPort: "http" }],
      ...spec,
    },
  });
}

/** Points the port of the Service `hello` elsewhere. */
async function setTargetPort({ name, transport, signal }: Namespace, targetPort: string): Promise<void> {
  await transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${name}/services/hello`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec: { ports: [{ name: "http", port: 80, targetPort }] } }),
  }, signal);
}

const template = podTemplate({ labels: { tier: "gold" } });

clusterTest("a Service that can reach its view's pods wakes them, however it names the port", async (namespace) => {
  await using replica = await Replica.start(namespace, { template });
  const legal: Readonly<Record<string, object>> = {
    "unnamed": { ports: [{ port: 80, targetPort: "http" }] },
    "unnamed-number": { ports: [{ port: 80, targetPort: 8080 }] },
    "same-number": { ports: [{ port: 8080 }] },
    "another-name": { ports: [{ name: "web", port: 80, targetPort: "http" }] },
    "one-of-two": { ports: [{ name: "metrics", port: 9090 }, { name: "http", port: 80, targetPort: "http" }] },
    "extra-label": { selector: { [NAME]: "extra-label", tier: "gold" } },
    // It is Kubernetes' `serving` that counts, which is there without it too.
    "ready-only": { publishNotReadyAddresses: false },
  };
  await Promise.all(Object.entries(legal).map(([name, spec]) => apply(namespace, name, spec)));
  const answers = await Promise.all(Object.keys(legal).map(async (name) => [name, (await replica.check(name)).status]));
  deepEqual(Object.fromEntries(answers), Object.fromEntries(Object.keys(legal).map((name) => [name, 200])));
});

clusterTest(
  "a request for a view whose Service cannot reach its pods fails at once with the reason, and starts no Job",
  async (namespace) => {
    await using replica = await Replica.start(namespace, { template });
    const illegal: Readonly<Record<string, readonly [spec: object, why: RegExp]>> = {
      "none": [{ ports: [] }, /has no port: set spec\.ports to/],
      "no-such-name": [
        { ports: [{ name: "http", port: 80, targetPort: "page" }] },
        /targetPort is page, and no container/,
      ],
      "no-such-number": [
        { ports: [{ name: "http", port: 80 }] },
        /targetPort is 80, which no container .* http \(8080\)/,
      ],
      "none-is-http": [{ ports: [{ name: "a", port: 80 }, { name: "b", port: 81 }] }, /has the ports a, b: give/],
      "udp": [{ ports: [{ name: "http", port: 80, protocol: "UDP" }] }, /port has the protocol UDP/],
      "extra": [
        { selector: { [NAME]: "extra", tier: "silver" } },
        /label tier=silver, which template default does not/,
      ],
    };
    await Promise.all(Object.entries(illegal).map(([name, [spec]]) => apply(namespace, name, spec)));
    for (const [name, [, why]] of Object.entries(illegal)) {
      const { status, body } = await replica.check(name);
      const { reason, detail } = JSON.parse(body);
      deepEqual([name, status, reason], [name, 500, "InvalidSpec"]);
      match(detail, why);
    }
    const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as { items: unknown[] };
    deepEqual(items, []);
  },
);

clusterTest(
  "a view that is awake fails when its Service's port is changed, and answers again when it is changed back",
  async (namespace) => {
    await using replica = await Replica.start(namespace, { template });
    await apply(namespace, "hello");
    equal((await replica.check("hello")).status, 200);
    await setTargetPort(namespace, "page");
    const reason = async () => JSON.parse((await replica.check("hello")).body || "{}").reason;
    await eventually("the view fails", async () => await reason() === "InvalidSpec");
    await setTargetPort(namespace, "http");
    await eventually("the view answers again", async () => (await replica.check("hello")).status === 200);
  },
);

clusterTest("a template whose port has another name is why a view cannot start", async (namespace) => {
  await using replica = await Replica.start(namespace, {
    template: podTemplate({ port: { name: "web", containerPort: 8080 } }),
  });
  await Promise.all([
    apply(namespace, "usual"),
    apply(namespace, "by-number", { ports: [{ name: "http", port: 80, targetPort: 8080 }] }),
  ]);
  const { status, body } = await replica.check("usual");
  deepEqual([status, JSON.parse(body).reason], [503, "InvalidTemplate"]);
  match(JSON.parse(body).detail, /No container of template default has a TCP port named http.*declares web \(8080\)/);
  equal((await replica.check("by-number")).status, 200);
});

clusterTest(
  "a request that is held fails as soon as its Service cannot reach the pod any more",
  async (namespace) => {
    await using replica = await Replica.start(namespace, {
      template: podTemplate({ annotations: { "kwok/ready-after": "24h" } }),
    });
    await apply(namespace, "hello");
    const held = replica.check("hello");
    await eventually(
      "the view starts",
      async () => (await replica.probe("/metrics")).text.includes('{phase="starting"} 1'),
    );
    await setTargetPort(namespace, "page");
    const { status, body } = await held;
    deepEqual([status, JSON.parse(body).reason], [500, "InvalidSpec"]);
  },
);

clusterTest(
  "a template whose port is renamed leaves what is awake alone, and keeps it from its next start",
  async (namespace) => {
    await using replica = await Replica.start(namespace, { template });
    await apply(namespace, "hello");
    await apply(namespace, "asleep");
    equal((await replica.check("hello")).status, 200);
    await writeTemplates(namespace, { default: podTemplate({ port: { name: "web", containerPort: 8080 } }) });
    const reason = async (view: string) => {
      const { status, body } = await replica.check(view);
      return status === 200 ? "awake" : JSON.parse(body).reason;
    };
    await eventually("the change is known", async () => await reason("asleep") === "InvalidTemplate");
    equal(await reason("hello"), "awake");

    await namespace.call("DELETE", "apis/batch/v1/jobs/hello?propagationPolicy=Background");
    await eventually(
      "the view fails when it would start again",
      async () => await reason("hello") === "InvalidTemplate",
    );
  },
);

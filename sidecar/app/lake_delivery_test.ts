import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { MinioProcess, ROOT } from "../../test/lake/minio_process.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { podsOf } from "../kubernetes/testing/pool.ts";
import { put, s3 } from "../lake/testing/s3.ts";
import { eventually } from "../testing/eventually.ts";
import { keepLog } from "../testing/kept_log.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";

interface AssignedFiles {
  readonly uid: string;
  readonly subsets: unknown;
  readonly files: Readonly<Record<string, string>>;
}

const DIRECTORY = "/var/run/secrets/view.yolean.se/lake";
const CREDENTIALS_END = "view.yolean.se/credentials-end";

/** A gateway with a lake, and its view `hello` with these subsets. */
async function start(namespace: Namespace, host: string, annotations: Readonly<Record<string, string>>) {
  const assigned: AssignedFiles[] = [];
  const minio = await MinioProcess.start();
  await put(s3(minio.endpoint, ROOT), "lake", "sales/2025/a", "a");
  const pod = await Pod.start("a", {
    host,
    answer: (_request, response) => response.writeHead(200).end("hello"),
    onBody: (method, body) => void (method === "POST" && assigned.push(JSON.parse(body))),
  });
  Deno.env.set("AWS_ACCESS_KEY_ID", ROOT.accessKeyId);
  Deno.env.set("AWS_SECRET_ACCESS_KEY", ROOT.secretAccessKey);
  const give = (prefix: string) => JSON.stringify({ subsets: [{ bucket: "lake", prefix, access: "read" }] });
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", {
    metadata: { name: "hello", labels, annotations: { "view.yolean.se/spec": give("sales/") } },
  });
  const config = {
    ...{ lakeRoleArn: "arn:aws:iam::000000000000:role/lake", lakePathStyle: true, lakeCredentialsSeconds: 900 },
    ...{ s3Endpoint: minio.endpoint, stsEndpoint: minio.endpoint, lakeCaFile: "/etc/ssl/certs/ca-certificates.crt" },
  };
  const template = podTemplate({
    annotations: { "kwok/pod-ip": pod.address.address, ...annotations },
    port: { name: "http", containerPort: pod.address.port },
  });
  const replica = await Replica.start(namespace, { config, template });
  const port = await replica.envoy!.port("public");
  return {
    ...{ replica, assigned, config },
    ask: () => sendRequest({ host: "hello.localhost", port }),
    change: (prefix: string) => namespace.annotate("hello", give(prefix)),
    /** What the Secret has. */
    secret: async () => {
      const { metadata, data } = await namespace.call("GET", "api/v1/secrets/hello") as unknown as {
        readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
        readonly data: Readonly<Record<string, string>>;
      };
      const file = (name: string) => Buffer.from(data[name] ?? "", "base64").toString();
      return { end: metadata.annotations["view.yolean.se/credentials-end-at"], file };
    },
    /** The view's pod. */
    pod: async () => {
      const pods = await podsOf(namespace, "view.yolean.se/name=hello");
      return pods.find(({ spec }) => !spec?.schedulingGates?.length)?.metadata;
    },
    restartNeeded: async () => JSON.parse((await replica.api("/_api/views/hello")).body).restartNeeded,
    async [Symbol.asyncDispose]() {
      await replica[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
      await minio.stop();
      Deno.env.delete("AWS_ACCESS_KEY_ID");
      Deno.env.delete("AWS_SECRET_ACCESS_KEY");
    },
  };
}

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const host = machineAddress;
  const WARM = { "view.yolean.se/warm": "1", "view.yolean.se/assign": "/_gate/assign" };

  clusterTest(
    "a claimed pod gets the files of the view's Secret, and again when there are new ones",
    async (namespace) => {
      await using log = await keepLog();
      await using gateway = await start(namespace, host, WARM);
      const { replica, assigned, pod, secret } = gateway;
      await eventually(
        "the pool has its pod",
        async () => (await replica.probe("/metrics")).text.includes('pool_pods{state="ready",template="default"} 1'),
      );
      equal((await gateway.ask()).status, 200);
      const [first] = assigned;
      const before = await secret();
      deepEqual(
        Object.keys(first?.files ?? {}),
        ["config", "credentials", "credentials.json"].map((name) => `${DIRECTORY}/${name}`),
      );
      for (const [path, text] of Object.entries(first?.files ?? {})) {
        equal(text, before.file(path.slice(DIRECTORY.length + 1)), path);
      }
      match(first?.files[`${DIRECTORY}/credentials.json`] ?? "", /SessionToken/);
      await eventually("it is noted", async () => (await pod())?.annotations?.[CREDENTIALS_END] === before.end);
      equal(assigned.length, 1);
      const claimed = await pod();

      // Other subsets need other credentials, as in a cold start; and a restart, for what else the pod has of them.
      await gateway.change("sales/2025/");
      await eventually("it has the new ones", async () => assigned.length > 1 && (await secret()).end !== before.end);
      const after = await secret();
      await eventually("that is noted", async () => (await pod())?.annotations?.[CREDENTIALS_END] === after.end);
      deepEqual([assigned.length, assigned[1]?.uid], [2, first?.uid]);
      equal(assigned[1]?.files[`${DIRECTORY}/credentials.json`], after.file("credentials.json"));
      notEqual(after.file("credentials.json"), before.file("credentials.json"));
      deepEqual([await gateway.restartNeeded(), (await pod())?.uid], [["subsets"], claimed?.uid]);
      equal((await gateway.ask()).status, 200);

      const said = log.lines().join() + JSON.stringify(await namespace.call("GET", "api/v1/events"));
      const keys = Object.values(JSON.parse(after.file("credentials.json"))).filter((value) => value !== 1);
      ok(keys.length > 3 && log.lines().length > 3);
      for (const key of [...keys, `Bearer ${claimed?.uid}`]) {
        ok(!said.includes(String(key)), "a log or an Event has a key");
      }
    },
  );

  clusterTest("a gateway that starts finishes a delivery that another one has left", async (namespace) => {
    await using gateway = await start(namespace, host, WARM);
    const { replica, assigned, pod } = gateway;
    await eventually(
      "the pool has its pod",
      async () => (await replica.probe("/metrics")).text.includes('pool_pods{state="ready",template="default"} 1'),
    );
    equal((await gateway.ask()).status, 200);
    await eventually("it is noted", async () => (await pod())?.annotations?.[CREDENTIALS_END] !== undefined);
    const { end } = await gateway.secret();
    await replica.stop();
    const patch = { metadata: { annotations: { [CREDENTIALS_END]: "2026-01-01T00:00:00Z" } } };
    await namespace.transport.call({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace.name}/pods/${(await pod())?.name}`,
      headers: { "content-type": "application/merge-patch+json" },
      body: JSON.stringify(patch),
    }, namespace.signal);
    await using _next = await Replica.start(namespace, { config: gateway.config });
    await eventually("it is delivered", async () => (await pod())?.annotations?.[CREDENTIALS_END] === end);
    equal(assigned.length, 2);
    deepEqual(assigned[1], assigned[0]);
  });

  clusterTest(
    "a cold pod is annotated when there are new credentials, at which its kubelet reads them",
    async (namespace) => {
      await using gateway = await start(namespace, host, {});
      const { assigned, pod, secret } = gateway;
      equal((await gateway.ask()).status, 200);
      const before = await secret();
      equal((await pod())?.annotations?.[CREDENTIALS_END], undefined, "it has mounted them");
      const at = Date.parse(String((await pod())?.creationTimestamp));
      await eventually("it is not new any more", () => Promise.resolve(Date.now() - at > 6_000));
      await gateway.change("sales/2025/");
      await eventually("it is noted", async () => {
        const { end } = await secret();
        return end !== before.end && (await pod())?.annotations?.[CREDENTIALS_END] === end;
      });
      deepEqual([assigned, await gateway.restartNeeded()], [[], ["subsets"]]);
      ok((await gateway.ask()).status === 200);
    },
  );
}

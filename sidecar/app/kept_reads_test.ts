/** A whole gateway before a lake, as the views whose signatures its Envoy keeps change in Kubernetes. */
import { deepEqual, equal } from "node:assert/strict";
import { MinioProcess, ROOT } from "../../test/lake/minio_process.ts";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { put, s3 } from "../lake/testing/s3.ts";
import { Replica } from "../testing/replica.ts";

const OBJECT = "/_lake/lake/sales/2026.csv";
const subsets = (prefix: string) => JSON.stringify({ subsets: [{ bucket: "lake", prefix, access: "read" }] });

async function start(namespace: Namespace) {
  const minio = await MinioProcess.start();
  await put(s3(minio.endpoint, ROOT), "lake", "sales/2026.csv", "0123456789");
  Deno.env.set("AWS_ACCESS_KEY_ID", ROOT.accessKeyId);
  Deno.env.set("AWS_SECRET_ACCESS_KEY", ROOT.secretAccessKey);
  const config = {
    ...{ lakeRoleArn: "arn:aws:iam::000000000000:role/lake", lakePathStyle: true, lakeCredentialsSeconds: 900 },
    ...{ s3Endpoint: minio.endpoint, stsEndpoint: minio.endpoint, lakeCaFile: "/etc/ssl/certs/ca-certificates.crt" },
  };
  const replica = await Replica.start(namespace, { config });
  const envoy = replica.envoy!;
  const port = await envoy.port("public");
  return {
    create: () =>
      namespace.createService("hello", {
        metadata: {
          name: "hello",
          labels: { "view.yolean.se/name": "hello" },
          annotations: { "view.yolean.se/spec": subsets("sales/") },
        },
      }),
    read: async (): Promise<number> => (await sendRequest({ host: "hello.localhost", port, path: OBJECT })).status,
    /** How often Envoy has got another filter. */
    generations: () => envoy.stat("extension_config_discovery.http_filter.view_gateway.lake_reads.config_reload"),
    async [Symbol.asyncDispose]() {
      await replica[Symbol.asyncDispose]();
      await minio.stop();
      Deno.env.delete("AWS_ACCESS_KEY_ID");
      Deno.env.delete("AWS_SECRET_ACCESS_KEY");
    },
  };
}

clusterTest(
  "a change of a view in Kubernetes ends what Envoy has kept of it, and no other change does",
  async (namespace) => {
    await using gateway = await start(namespace);
    const { create, read, generations } = gateway;
    const until = async (status: number) => {
      for (let found = await read(); found !== status; found = await read()) equal([200, 404].includes(found), true);
    };

    await create();
    await until(200);
    const first = await generations();
    // Another Service, and another version of what nobody has read.
    await namespace.createService("other", {
      metadata: {
        name: "other",
        labels: { "view.yolean.se/name": "other" },
        annotations: { "view.yolean.se/spec": subsets("sales/") },
      },
    });
    await namespace.annotate("other", subsets("hr/"));
    await read();
    equal(await generations(), first);

    await namespace.annotate("hello", subsets("hr/"));
    await until(403);
    equal(await generations(), first + 1);

    await namespace.annotate("hello", subsets("sales/"));
    for (let status = 0; status !== 200;) status = await read();
    await namespace.call("DELETE", "api/v1/services/hello");
    await until(404);
    deepEqual([await read(), await generations()], [404, first + 2]);
  },
);

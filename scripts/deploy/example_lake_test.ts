import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LAKE_NAMESPACE, lakeAt } from "./example_lake.ts";
import { renderKustomization } from "./kustomize.ts";
import { permissions } from "../compile/permissions.ts";

const minio = fileURLToPath(new URL("../../example/minio", import.meta.url));

Deno.test("the lake takes the address that a cluster gives it, of whatever range", async () => {
  const manifests = await renderKustomization(minio);
  const services = manifests.filter(({ kind }) => kind === "Service");
  assert.deepEqual(services.map(({ metadata, spec }) => [metadata.name, spec.clusterIP]), [["minio", undefined]]);
  assert.doesNotMatch(JSON.stringify(manifests), /[^0-9.](10|172|192)\.[0-9]+\.[0-9]+\.[0-9]+/);
  // Kubernetes gives these two to a pod that asks for them, so that it needs no DNS.
  const setup = manifests.find(({ kind }) => kind === "Job")!.spec.template.spec;
  assert.equal(setup.enableServiceLinks, true);
  const endpoint = setup.containers[0].env.find(({ name }: { name: string }) => name === "MINIO_ENDPOINT");
  assert.equal(endpoint.value, "$(MINIO_SERVICE_HOST):$(MINIO_SERVICE_PORT)");
});

Deno.test("a gateway reaches S3 by the lake's address, and STS by a name that its sidecar may reach", () => {
  const { environment, hosts } = lakeAt("10.43.7.9", 9000);
  assert.deepEqual(environment, { AWS_ENDPOINT_URL_S3: "http://10.43.7.9:9000" });
  assert.deepEqual(hosts, { [`minio.${LAKE_NAMESPACE}.svc`]: "10.43.7.9" });
  assert.match(permissions().find((flag) => flag.startsWith("--allow-net="))!, /,\*\.svc,/);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../scripts/process/command.ts";
import { type Manifest, renderKustomization, writeOverlay } from "../scripts/deploy/kustomize.ts";
import { type Namespaces, namespacesNamed } from "../scripts/deploy/namespaces.ts";
import { inCluster } from "../scripts/compile/permissions.ts";
import { configOf, variables } from "../sidecar/config/config.ts";
import { socketsIn } from "../sidecar/envoy/sockets.ts";
import { jobOf } from "../sidecar/view/job.ts";
import { jobIn } from "../sidecar/view/testing/job_in.ts";
import { deleteClusterWide } from "./testing/cluster_wide.ts";
import { serviceAccountRights } from "./testing/service_account_rights.ts";

const gateway = fileURLToPath(new URL(".", import.meta.url));
const overlays = ["overlays/demo", "overlays/base-host", "overlays/lake"];
const [repository, tag] = ["ghcr.io/yolean/view-gateway-sidecar", "1234"];

function find(manifests: readonly Manifest[], kind: string, name = "view-gateway"): Manifest {
  const found = manifests.find((manifest) =>
    manifest.kind === kind && new RegExp(`^${name}(-[a-z0-9]{10})?$`).test(manifest.metadata.name)
  );
  assert.ok(found, `There is no ${kind} ${name}`);
  return found;
}

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir();
  try {
    return await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Writes an object where kubectl can read it. */
function withFile<T>(manifest: unknown, use: (file: string) => Promise<T>): Promise<T> {
  return inDirectory(async (directory) => {
    const file = join(directory, "manifest.json");
    await Deno.writeTextFile(file, JSON.stringify(manifest));
    return await use(file);
  });
}

/** What is in the namespace of the gateway, and in that of the views. */
const MINE = [
  ...["ConfigMap", "ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Role", "RoleBinding", "Service"],
  "ServiceAccount",
];
const MY_VIEWS = [
  ...["ConfigMap", "LimitRange", "NetworkPolicy", "NetworkPolicy", "ResourceQuota"],
  ...["Role", "Role", "RoleBinding", "RoleBinding", "ServiceAccount"],
];

/** The container of this name, among a Deployment's. */
// deno-lint-ignore no-explicit-any -- a container
function container(deployment: Manifest, name: string): any {
  const { containers, initContainers } = deployment.spec.template.spec;
  return [...initContainers, ...containers].find((container) => container.name === name);
}

for (const directory of ["base", ...overlays.map((overlay) => `${overlay}/gateway`)]) {
  Deno.test(`the environment that ${directory} gives is a configuration`, async () => {
    const manifests = await renderKustomization(join(gateway, directory));
    const environment: Record<string, string> = find(manifests, "ConfigMap").data;
    const { env, envFrom } = container(find(manifests, "Deployment"), "sidecar");
    assert.equal(envFrom[0].configMapRef.name, find(manifests, "ConfigMap").metadata.name);
    const names = [...Object.keys(environment), ...env.map(({ name }: { name: string }) => name)];
    assert.deepEqual(names.filter((name) => !variables.includes(name)), [], "variables that the sidecar does not read");
    for (const { name, value } of env) environment[name] = value ?? "of-the-pod";
    const { authentication, namespace, podNamespace } = configOf((variable) => environment[variable]);
    assert.deepEqual([authentication, namespace, podNamespace], ["kubernetes", "views", "of-the-pod"]);
  });
}

Deno.test("ports, mounts and permissions are where the sidecar expects them", async () => {
  const deployment = find(await renderKustomization(join(gateway, "base")), "Deployment");
  const config = configOf((variable) => variable === "NAMESPACE" ? "views" : undefined);
  const sidecar = container(deployment, "sidecar");
  const envoy = container(deployment, "envoy");
  const mounts = ({ volumeMounts }: { volumeMounts: { mountPath: string }[] }) =>
    volumeMounts.map(({ mountPath }) => mountPath);
  assert.equal(inCluster.socketDirectory, config.socketDirectory);
  assert.equal(inCluster.probeAddress, config.probeAddress);
  assert.deepEqual(mounts(sidecar), [
    config.socketDirectory,
    ...inCluster.credentials,
    "/tmp",
  ]);
  assert.deepEqual(mounts(envoy), ["/etc/envoy", config.socketDirectory]);
  assert.equal(sidecar.ports[0].containerPort, Number(config.probeAddress.split(":")[1]));
  assert.equal(envoy.ports[0].containerPort, config.listenPort);
});

Deno.test("Envoy and the sidecar meet at the same sockets", async () => {
  const text = await Deno.readTextFile(join(gateway, "base", "envoy.yaml"));
  const { socketDirectory } = configOf((variable) => variable === "NAMESPACE" ? "views" : undefined);
  const { grpc, authorization, http, gate } = socketsIn(socketDirectory);
  const found = [...text.matchAll(/pipe: \{ path: (\S+) \}/g)].map(([, path]) => path!);
  assert.deepEqual(found.sort(), [grpc, authorization, http, gate].sort());
});

Deno.test("the sidecar is a native sidecar: Envoy starts when it is up", async () => {
  const { initContainers } = find(await renderKustomization(join(gateway, "base")), "Deployment").spec.template.spec;
  assert.equal(initContainers[0].restartPolicy, "Always");
  assert.equal(initContainers[0].startupProbe.httpGet.path, "/startupz");
});

Deno.test("an overlay has its namespaces, images, requests, hosts and environment", async () => {
  await inDirectory(async (directory) => {
    const images = [`${repository}:${tag}`, "ghcr.io/yolean/view-gateway-example:5678"];
    await writeOverlay(directory, {
      overlay: "overlays/demo",
      namespaces: { gateway: "mine", views: "my-views" },
      images,
      cpu: "123m",
      environment: { IDLE_SECONDS: "60" },
      hosts: { "minio.lake.svc": "10.43.7.9" },
    });
    const manifests = await renderKustomization(directory);
    const kindsIn = (namespace: string) =>
      manifests.filter(({ metadata }) => metadata.namespace === namespace).map(({ kind }) => kind).sort();
    const labels = manifests.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata);
    assert.deepEqual(labels.map(({ name }) => name), ["mine", "my-views"]);
    assert.deepEqual(kindsIn("mine"), MINE);
    assert.deepEqual(kindsIn("my-views"), MY_VIEWS);
    const deployment = find(manifests, "Deployment");
    const { env } = container(deployment, "sidecar");
    assert.equal(env.find(({ name }: { name: string }) => name === "NAMESPACE").value, "my-views");
    assert.equal(container(deployment, "sidecar").image, `${repository}:${tag}`);
    assert.deepEqual(container(deployment, "sidecar").resources.requests, { cpu: "123m", memory: "192Mi" });
    assert.equal(container(deployment, "envoy").resources.requests.cpu, "123m");
    assert.deepEqual(deployment.spec.template.spec.hostAliases, [{ ip: "10.43.7.9", hostnames: ["minio.lake.svc"] }]);
    assert.deepEqual(find(manifests, "ConfigMap").data, {
      AUTHENTICATION: "kubernetes",
      BASE_HOST: "localhost",
      CONTACT: "the person who started this demo",
      IDLE_SECONDS: "60",
      PUBLIC_VIEWS: "true",
    });
    const text: string = find(manifests, "ConfigMap", "view-gateway-templates").data["default.yaml"];
    assert.equal(jobIn(text).spec?.template.spec?.containers[0]?.image, images[1]);
    const bindings = [
      find(manifests, "RoleBinding"),
      find(manifests, "RoleBinding", "view-gateway-own"),
      // Of another name for each gateway in the cluster.
      find(manifests, "ClusterRoleBinding", "view-gateway-token-reviews:mine"),
    ];
    for (const { subjects } of bindings) {
      assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "view-gateway", namespace: "mine" }]);
    }
  });
});

/** Two namespaces of its own for a gateway, in the cluster that KUBECONFIG names, where pods must be `restricted`. */
async function withNamespaces(
  use: (namespaces: Namespaces, kubectl: (...args: string[]) => Promise<string>) => Promise<void>,
) {
  // Never the cluster that somebody's kubectl happens to point to.
  assert.ok(Deno.env.get("KUBECONFIG"), "KUBECONFIG is not set: run this by `deno task test`, which starts a cluster");
  const namespaces = namespacesNamed(`gateway-${crypto.randomUUID().slice(0, 8)}`);
  const kubectl = (...args: string[]) => runCommand("kubectl", args);
  const levels = ["enforce", "warn"].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
  const both = Object.values(namespaces);
  try {
    for (const namespace of both) await kubectl("create", "namespace", namespace, "--save-config");
    await kubectl("label", "namespace", ...both, ...levels);
    await use(namespaces, kubectl);
  } finally {
    await kubectl("delete", "namespace", ...both, "--wait=false");
    await deleteClusterWide(namespaces, kubectl);
  }
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!await condition()) {
    assert.ok(performance.now() < deadline, `Not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const apply = ["apply", "--validate=strict", "--warnings-as-errors"];

for (const overlay of overlays) {
  Deno.test(`${overlay} is valid for a cluster that enforces restricted pods`, async () => {
    await withNamespaces(async (namespaces, kubectl) => {
      await inDirectory(async (directory) => {
        await writeOverlay(directory, { overlay, namespaces, images: [] });
        await kubectl(...apply, "--dry-run=server", "--kustomize", directory);
      });
    });
  });
}

Deno.test("the gateway's pods are admitted, and its rights are what it needs and no more", async () => {
  await withNamespaces(async (namespaces, kubectl) => {
    await inDirectory(async (directory) => {
      await writeOverlay(directory, { overlay: "overlays/demo", namespaces, images: [] });
      await kubectl(...apply, "--kustomize", directory);
    });
    const pods = ["get", "pods", `--namespace=${namespaces.gateway}`, "--output=name"];
    await until("the Deployment has its two pods", async () => {
      const names = await kubectl(...pods, "--selector=app.kubernetes.io/name=view-gateway");
      return names.trim().split("\n").filter((pod) => pod !== "").length === 2;
    });
    const user = `system:serviceaccount:${namespaces.gateway}:view-gateway`;
    assert.deepEqual(await serviceAccountRights(user, namespaces.views, kubectl), {
      services: ["create", "delete", "list", "patch", "watch"],
      jobs: ["create", "delete", "get", "list", "patch", "watch"],
      events: ["create", "list", "watch"],
      secrets: ["create", "delete", "get", "update"],
      pods: ["get", "list", "patch", "watch"],
      "configmaps/view-gateway-templates": ["list", "watch"],
      "configmaps/view-gateway-grants": ["list", "watch"],
      localsubjectaccessreviews: ["create"],
      tokenreviews: ["create"],
    });
    assert.deepEqual(await serviceAccountRights(user, namespaces.gateway, kubectl), {
      pods: ["list", "watch"],
      secrets: ["create"],
      "secrets/view-gateway-keys": ["get", "list", "update", "watch"],
      tokenreviews: ["create"],
    });
    const watch = (name: string) =>
      kubectl(
        ...["get", `--as=${user}`, `--namespace=${namespaces.views}`, "configmaps"],
        `--field-selector=metadata.name=${name}`,
      );
    assert.match(await watch("view-gateway-templates"), /^view-gateway-templates /m);
    await assert.rejects(watch("view-gateway"), /cannot list resource "configmaps"/);
  });
});

Deno.test("a view's Job and its pod are admitted", async () => {
  await withNamespaces(async ({ views }, kubectl) => {
    const template = jobIn(await Deno.readTextFile(join(gateway, "views/templates/default.yaml")));
    const launch = {
      name: "hello",
      serviceUid: crypto.randomUUID(),
      spec: { subsets: [] },
      required: {},
      terms: { idle: 60, lifetime: 3600 },
    };
    const job = jobOf(template, launch);
    const pod = { apiVersion: "v1", kind: "Pod", ...job.spec!.template, metadata: { name: "hello" } };
    for (const manifest of [job, pod]) {
      await withFile(
        manifest,
        (file) =>
          kubectl("create", `--namespace=${views}`, "--validate=strict", "--dry-run=server", "--filename", file),
      );
    }
  });
});

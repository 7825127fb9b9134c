import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../scripts/process/command.ts";
import { type Manifest, renderKustomization, writeOverlay } from "../scripts/deploy/kustomize.ts";
import { inCluster } from "../scripts/compile/permissions.ts";
import { configOf, variables } from "../sidecar/config/config.ts";
import { socketsIn } from "../sidecar/envoy/sockets.ts";
import { EnvoyProcess } from "../test/envoy/envoy_process.ts";
import { jobOf } from "../sidecar/view/job.ts";
import { jobIn } from "../sidecar/view/testing/job_in.ts";

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

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The container of this name, among a Deployment's. */
// deno-lint-ignore no-explicit-any -- a container
function container(deployment: Manifest, name: string): any {
  const { containers, initContainers } = deployment.spec.template.spec;
  return [...initContainers, ...containers].find((container) => container.name === name);
}

Deno.test("the environment that the manifests give is a configuration", async () => {
  const manifests = await renderKustomization(join(gateway, "base"));
  const environment: Record<string, string> = find(manifests, "ConfigMap").data;
  const { env, envFrom } = container(find(manifests, "Deployment"), "sidecar");
  assert.equal(envFrom[0].configMapRef.name, find(manifests, "ConfigMap").metadata.name);
  const names = [...Object.keys(environment), ...env.map(({ name }: { name: string }) => name)];
  assert.deepEqual(names.filter((name) => !variables.includes(name)), [], "variables that the sidecar does not read");
  const config = configOf((variable) => variable === "NAMESPACE" ? "views" : environment[variable]);
  assert.equal(config.baseHost, "localhost");
});

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

Deno.test("what Envoy logs is one JSON object a line, whatever it has to say", async () => {
  const { args } = container(find(await renderKustomization(join(gateway, "base")), "Deployment"), "envoy");
  const format: string = args[args.indexOf("--log-format") + 1];
  const clusters = [{ name: 'a "b" \\ \n c', connect_timeout: "1s" }];
  const bootstrap = { static_resources: { clusters } };
  await using envoy = await EnvoyProcess.start({ bootstrap, logLevel: "debug", args: ["--log-format", format] });
  await envoy.ready();
  const lines = envoy.log.split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some(({ message }) => message.includes(clusters[0]!.name)), "with the name as it is");
  const { "@timestamp": at, level, logger } = lines[0];
  assert.match(at, /^[-0-9]+T[:0-9]+\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$/);
  assert.match(`${level} ${logger}`, /^(debug|info) envoy\.[a-z_]+$/);
});

Deno.test("the sidecar is a native sidecar: Envoy starts when it is up", async () => {
  const { initContainers } = find(await renderKustomization(join(gateway, "base")), "Deployment").spec.template.spec;
  assert.equal(initContainers[0].restartPolicy, "Always");
  assert.equal(initContainers[0].startupProbe.httpGet.path, "/startupz");
});

Deno.test("an overlay has its namespace, images, requests, hosts and environment", async () => {
  await inDirectory(async (directory) => {
    const images = [`${repository}:${tag}`, "ghcr.io/yolean/view-gateway-example:5678"];
    await writeOverlay(directory, {
      overlay: "overlays/demo",
      namespace: "mine",
      images,
      cpu: "123m",
      environment: { IDLE_SECONDS: "60" },
      hosts: { "minio.lake.svc": "10.43.7.9" },
    });
    const manifests = await renderKustomization(directory);
    for (const { kind, metadata } of manifests) {
      assert.equal(kind === "Namespace" ? metadata.name : metadata.namespace, "mine", kind);
    }
    const deployment = find(manifests, "Deployment");
    assert.equal(container(deployment, "sidecar").image, `${repository}:${tag}`);
    assert.deepEqual(container(deployment, "sidecar").resources.requests, { cpu: "123m", memory: "192Mi" });
    assert.equal(container(deployment, "envoy").resources.requests.cpu, "123m");
    assert.deepEqual(deployment.spec.template.spec.hostAliases, [{ ip: "10.43.7.9", hostnames: ["minio.lake.svc"] }]);
    assert.deepEqual(find(manifests, "ConfigMap").data, { BASE_HOST: "localhost", IDLE_SECONDS: "60" });
    const text: string = find(manifests, "ConfigMap", "view-gateway-templates").data["default.yaml"];
    assert.equal(jobIn(text).spec?.template.spec?.containers[0]?.image, images[1]);
    assert.equal(find(manifests, "RoleBinding").subjects[0].namespace, "mine");
  });
});

/** Applies an overlay to a namespace of its own, in the cluster that KUBECONFIG names, where pods must be `restricted`. */
async function withNamespace(
  use: (namespace: string, kubectl: (...args: string[]) => Promise<string>) => Promise<void>,
) {
  // Never the cluster that somebody's kubectl happens to point to.
  assert.ok(Deno.env.get("KUBECONFIG"), "KUBECONFIG is not set: run this by `deno task test`, which starts a cluster");
  const namespace = `gateway-${crypto.randomUUID().slice(0, 8)}`;
  const kubectl = (...args: string[]) => runCommand("kubectl", ["--namespace", namespace, ...args]);
  await kubectl("create", "namespace", namespace);
  try {
    const levels = ["enforce", "warn"].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
    await kubectl("label", "namespace", namespace, ...levels);
    await use(namespace, kubectl);
  } finally {
    await kubectl("delete", "namespace", namespace, "--wait=false");
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
    await withNamespace(async (namespace, kubectl) => {
      await inDirectory(async (directory) => {
        await writeOverlay(directory, { overlay, namespace, images: [] });
        await kubectl(...apply, "--dry-run=server", "--kustomize", directory);
      });
    });
  });
}

Deno.test("the gateway's pods are admitted, and its rights are what it needs and no more", async () => {
  await withNamespace(async (namespace, kubectl) => {
    await inDirectory(async (directory) => {
      await writeOverlay(directory, { overlay: "overlays/demo", namespace, images: [] });
      await kubectl(...apply, "--kustomize", directory);
    });
    await until("the Deployment has its two pods", async () => {
      const pods = await kubectl("get", "pods", "--selector=app.kubernetes.io/name=view-gateway", "--output=name");
      return pods.trim().split("\n").filter((pod) => pod !== "").length === 2;
    });
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
    const user = `--as=system:serviceaccount:${namespace}:view-gateway`;
    const answer = await withFile(
      review,
      (file) => kubectl("create", user, "--validate=false", "--output=json", "--filename", file),
    );
    const rules: Rule[] = JSON.parse(answer).status.resourceRules;
    const found: Record<string, readonly string[]> = {};
    for (const { apiGroups, resources = [], verbs } of rules) {
      // What every user may ask about itself.
      if (/^auth(enticat|orizat)ion\.k8s\.io$/.test(apiGroups?.[0] ?? "")) continue;
      for (const resource of resources) found[resource] = [...found[resource] ?? [], ...verbs].sort();
    }
    assert.deepEqual(found, {
      services: ["create", "delete", "get", "list", "watch"],
      jobs: ["create", "delete", "get", "list", "patch", "watch"],
      events: ["create", "list", "watch"],
      secrets: ["create", "delete", "get", "update"],
      endpointslices: ["list", "watch"],
      pods: ["list", "watch"],
      configmaps: ["list", "watch"],
    });
    assert.deepEqual(
      rules.find(({ resources }) => resources?.includes("configmaps"))?.resourceNames,
      ["view-gateway-templates"],
    );
    const watch = (name: string) => kubectl("get", user, "configmaps", `--field-selector=metadata.name=${name}`);
    assert.match(await watch("view-gateway-templates"), /^view-gateway-templates /m);
    await assert.rejects(watch("view-gateway"), /cannot list resource "configmaps"/);
  });
});

Deno.test("a view's Job and its pod are admitted", async () => {
  await withNamespace(async (_namespace, kubectl) => {
    const template = jobIn(await Deno.readTextFile(join(gateway, "base/templates/default.yaml")));
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
        (file) => kubectl("create", "--validate=strict", "--dry-run=server", "--filename", file),
      );
    }
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Manifest, renderKustomization } from "../scripts/deploy/kustomize.ts";
import { runCommand } from "../scripts/process/command.ts";
import { temporaryDirectory } from "../scripts/process/temporary_directory.ts";
import { envoy } from "../sidecar/gen/envoy.js";
import { withoutForwarded } from "../sidecar/envoy/forwarded_headers.ts";
import { frontBootstrap } from "../sidecar/envoy/testing/front_bootstrap.ts";
import { ANSWER_LIMITS } from "../sidecar/envoy/header_limits.ts";

const { HeaderMutation } = envoy.extensions.http.early_header_mutation.header_mutation.v3;

const shards = fileURLToPath(new URL("overlays/shards", import.meta.url));
const SHARDS = ["sales", "research"];

const render = (name: string) => renderKustomization(join(shards, name));

// deno-lint-ignore no-explicit-any -- an HTTP connection manager
function managerOf(envoy: any): any {
  return envoy.static_resources.listeners.find(({ name }: { name: string }) => name === "public")
    .filter_chains[0].filters[0].typed_config;
}

function only(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && /^view-gateway/.test(manifest.metadata.name));
  return found[0]!;
}

Deno.test("two shards have no object in common, but a role that both need", async () => {
  const [sales, research] = await Promise.all(
    SHARDS.map(async (shard) =>
      (await render(shard)).map(({ kind, metadata: { namespace = "", name } }) => `${kind} ${namespace}/${name}`)
    ),
  );
  assert.deepEqual(sales!.filter((object) => research!.includes(object)), ["ClusterRole /view-gateway-token-reviews"]);
});

Deno.test("the front knows each shard by its hosts, and where its gateway is", async () => {
  const envoy = await frontBootstrap();
  const hosts = managerOf(envoy).route_config.virtual_hosts;
  for (const shard of SHARDS) {
    const manifests = await render(shard);
    const { BASE_HOST: host, XFF_NUM_TRUSTED_HOPS: hops } = only(manifests, "ConfigMap").data;
    assert.equal(hops, "1");
    const { domains, routes } = hosts.find(({ name }: { name: string }) => name === shard);
    assert.deepEqual(domains, [host, `*.${host}`]);
    const cluster = envoy.static_resources.clusters.find(({ name }: { name: string }) =>
      name === routes[0].route.cluster
    );
    const { address, port_value } = cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address
      .socket_address;
    const service = only(manifests, "Service");
    assert.equal(address, `${service.metadata.name}.${service.metadata.namespace}.svc`);
    assert.deepEqual([service.spec.type, service.spec.ports[0].port], ["ClusterIP", port_value]);
    const options = Object.values(cluster.typed_extension_protocol_options)[0] as Record<string, unknown>;
    assert.deepEqual(options.common_http_protocol_options, {
      max_headers_count: ANSWER_LIMITS.fields,
      max_response_headers_kb: ANSWER_LIMITS.kib,
    });
  }
});

Deno.test("the front removes what a gateway without a proxy removes of a client's own words", async () => {
  const [extension] = withoutForwarded({ xffNumTrustedHops: 0, authentication: "none" }).earlyHeaderMutationExtensions!;
  const { mutations } = HeaderMutation.decode(extension!.typedConfig!.value!);
  const removed = mutations!.flatMap(({ remove }) => remove || []);
  const front = managerOf(await frontBootstrap()).early_header_mutation_extensions[0].typed_config.mutations;
  const names = front.flatMap(({ remove }: { remove?: string }) => remove ?? []);
  // Those that only the gateway sets, it removes by itself.
  assert.deepEqual(names, removed.filter((name) => !["x-view", "x-gate-pass", "x-gate-unavailable"].includes(name)));
  assert.equal(front.length, names.length + 1);
});

Deno.test("the front is valid for a cluster that enforces restricted pods", async () => {
  assert.ok(Deno.env.get("KUBECONFIG"), "KUBECONFIG is not set: run this by `deno task test`, which starts a cluster");
  const namespace = `front-${crypto.randomUUID().slice(0, 8)}`;
  const items = JSON.parse(JSON.stringify(await render("front")).replaceAll('view-gateway-front"', `${namespace}"`));
  await using work = await temporaryDirectory();
  const file = join(work.path, "front.json");
  await Deno.writeTextFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await runCommand("kubectl", ["create", "namespace", namespace, "--save-config"]);
  try {
    await runCommand("kubectl", ["label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted"]);
    const strict = ["--validate=strict", "--warnings-as-errors", "--dry-run=server"];
    await runCommand("kubectl", ["apply", ...strict, "--filename", file]);
  } finally {
    await runCommand("kubectl", ["delete", "namespace", namespace, "--wait=false"]);
  }
});

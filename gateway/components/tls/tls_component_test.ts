import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { permissions } from "../../../scripts/compile/permissions.ts";
import { type Manifest, renderKustomization, writeOverlay } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { runCommand } from "../../../scripts/process/command.ts";
import { configOf } from "../../../sidecar/config/config.ts";
import { tlsOf } from "../../../sidecar/tls/settings.ts";

const BOTH = ["components/tls", "components/http3"];

async function rendered(name: string, components: readonly string[]): Promise<readonly Manifest[]> {
  const directory = await Deno.makeTempDir({ prefix: "overlay-" });
  try {
    const namespaces = namespacesNamed(name);
    await writeOverlay(directory, { overlay: "overlays/demo", namespaces, images: [], components });
    return await renderKustomization(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const find = (manifests: readonly Manifest[], kind: string) => manifests.find((manifest) => manifest.kind === kind)!;

function tlsIn(manifests: readonly Manifest[]) {
  const settings = manifests.find(({ kind, data }) => kind === "ConfigMap" && data.BASE_HOST !== undefined)!;
  return tlsOf(configOf((name) => ({ NAMESPACE: "views", ...settings.data })[name]));
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

Deno.test("with the component, Envoy and the sidecar find the certificate where both may read it", async () => {
  const manifests = await rendered("test", ["components/tls"]);
  const tls = tlsIn(manifests)!;
  equal(tls.http3, undefined);
  const { spec } = find(manifests, "Deployment").spec.template;
  const [sidecar, envoy] = [spec.initContainers[0], spec.containers[0]];
  for (const { volumeMounts } of [sidecar, envoy]) {
    const { mountPath } = volumeMounts.find(({ name }: Mount) => name === "tls");
    equal(mountPath, tls.directory);
  }
  ok(permissions().some((flag) => flag.startsWith("--allow-read=") && flag.split(",").includes(tls.directory)));
  const { secret } = spec.volumes.find(({ name }: Mount) => name === "tls");
  // The group may read it, which is the pod's: `fsGroup`.
  deepEqual([secret.secretName, secret.defaultMode], ["view-gateway-tls", 0o440]);
  const port = envoy.ports.find(({ name }: { readonly name: string }) => name === "https");
  equal(port.containerPort, tls.listenPort);
  const { ports } = find(manifests, "Service").spec;
  deepEqual(ports.map(({ name, port }: { name: string; port: number }) => [name, port]), [["http", 80], [
    "https",
    tls.publicPort,
  ]]);
});

Deno.test("with HTTP/3, UDP comes to the port of TLS", async () => {
  const manifests = await rendered("test", BOTH);
  const tls = tlsIn(manifests)!;
  ok(tls.http3);
  const { ports } = find(manifests, "Service").spec;
  deepEqual(ports.at(-1), { name: "http3", port: tls.publicPort, protocol: "UDP", targetPort: tls.listenPort });
});

Deno.test("a gateway that runs gets TLS and HTTP/3, and loses them again", async () => {
  // Never the cluster that somebody's kubectl happens to point to.
  ok(Deno.env.get("KUBECONFIG"), "KUBECONFIG is not set: run this by `deno task test`, which starts a cluster");
  const name = `tls-${crypto.randomUUID().slice(0, 8)}`;
  const directory = await Deno.makeTempDir({ prefix: "service-" });
  const file = join(directory, "service.json");
  const portsWith = async (components: readonly string[], ...how: readonly string[]) => {
    const service = find(await rendered(name, components), "Service");
    const { namespace } = service.metadata;
    const kubectl = (...args: string[]) => runCommand("kubectl", [...args, "--namespace", namespace!]);
    await kubectl("create", "namespace", namespace!).catch(() => {});
    await Deno.writeTextFile(file, JSON.stringify(service));
    await kubectl("apply", ...how, "--filename", file);
    const { spec } = JSON.parse(await kubectl("get", "service", "view-gateway", "--output=json"));
    return {
      ports: spec.ports.map(({ name, port, protocol }: Record<string, unknown>) => `${name} ${port} ${protocol}`),
      remove: () => kubectl("delete", "namespace", namespace!, "--wait=false"),
    };
  };
  try {
    const { ports: none } = await portsWith([]);
    const { ports: both } = await portsWith(BOTH, "--server-side");
    const { ports: tls, remove } = await portsWith(["components/tls"], "--server-side");
    deepEqual(none, ["http 80 TCP"]);
    deepEqual(both, ["http 80 TCP", "https 443 TCP", "http3 443 UDP"]);
    deepEqual(tls, ["http 80 TCP", "https 443 TCP"]);
    await remove();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

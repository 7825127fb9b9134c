import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments, parseDocument } from "yaml";
import { runCommand } from "../process/command.ts";
import type { Namespaces } from "./namespaces.ts";

/** The folder `gateway` of this checkout. */
const ownManifests = fileURLToPath(new URL("../../gateway", import.meta.url));

/** The settings of one cluster's gateway. */
export interface Customization {
  /** The folder `gateway` of another release. Default: that of this checkout. */
  readonly manifests?: string;
  /** A directory below gateway/, as `overlays/demo`. Its folder `gateway` is the gateway's half. */
  readonly overlay: string;
  readonly namespaces: Namespaces;
  /** `REPOSITORY:TAG` for images that gateway/ names by REPOSITORY. */
  readonly images: readonly string[];
  /** The number of pods. Default: the overlay's. */
  readonly replicas?: number;
  /** The CPU request of each of its containers, such as `100m`. Default: the overlay's. */
  readonly cpu?: string;
  /** Addresses by name, for names that the gateway finds without DNS. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Variables of the sidecar's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Directories below gateway/ of components for the gateway's half, as `components/oidc`. */
  readonly components?: readonly string[];
  /** Secrets beside the gateway: text by key, by name. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Workload templates beside the default one, as text, by name. */
  readonly templates?: Readonly<Record<string, string>>;
  /** What views' pods may connect to beside DNS and the lake. */
  readonly egress?: { readonly address: string; readonly port: number };
}

type Checkout = Pick<Customization, "manifests">;

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // deno-lint-ignore no-explicit-any -- any kind of object
  readonly [member: string]: any;
}

/** The CPU request of gateway/base, and so of operators' gateways. The overlay for local clusters requests less. */
export const BASE_CPU = "100m";

/** The half of an overlay that is the same for all gateways of the demo and the tests. */
const VIEWS = "overlays/demo/views";

/** Writes an overlay into an empty directory, for `kubectl apply --kustomize`: a folder for each namespace. */
export async function writeOverlay(directory: string, customization: Customization): Promise<void> {
  await writeGateway(join(directory, "gateway"), customization);
  await writeViews(join(directory, "views"), customization);
  const names = ["namespaces", "admission-policy", "network-policy"];
  const below = (name: string) => within(directory, `components/${name}`, customization);
  const components = await Promise.all(names.map(below));
  await write(directory, { resources: ["gateway", "views"], components });
}

async function writeGateway(directory: string, customization: Customization): Promise<void> {
  const { overlay, namespaces, images, replicas, cpu, hosts = {}, environment = {} } = customization;
  const { components = [], secrets = {} } = customization;
  await Deno.mkdir(directory);
  const patches = [
    ...cpu === undefined ? [] : [requests(cpu)],
    ...Object.keys(hosts).length === 0 ? [] : [aliases(hosts)],
  ];
  await write(directory, {
    namespace: namespaces.gateway,
    resources: [await within(directory, `${overlay}/gateway`, customization)],
    images: images.map((reference) => {
      const { repository, tag } = splitReference(reference);
      return { name: repository, newTag: tag };
    }),
    ...replicas !== undefined && { replicas: [{ name: "view-gateway", count: replicas }] },
    patches: patches.map((patch) => ({ patch })),
    components: await Promise.all(components.map((component) => within(directory, component, customization))),
    configMapGenerator: Object.keys(environment).length > 0
      ? [{ name: "view-gateway", behavior: "merge", literals: literalsOf(environment) }]
      : [],
    secretGenerator: Object.entries(secrets).map(([name, texts]) => ({
      name,
      literals: literalsOf(texts),
      options: { disableNameSuffixHash: true },
    })),
  });
}

function literalsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(texts).map(([name, text]) => `${name}=${text}`);
}

async function writeViews(directory: string, customization: Customization): Promise<void> {
  const { namespaces, images, templates = {}, egress } = customization;
  await Deno.mkdir(directory);
  const all: Readonly<Record<string, string>> = { ...templates, default: await defaultTemplate(customization) };
  for (const [name, template] of Object.entries(all)) {
    await Deno.writeTextFile(join(directory, `${name}.yaml`), withImages(template, images));
  }
  const files = Object.keys(all).map((name) => `${name}.yaml`);
  if (egress !== undefined) {
    await Deno.writeTextFile(join(directory, "egress.yaml"), JSON.stringify(egressPolicy(egress)));
  }
  await write(directory, {
    namespace: namespaces.views,
    resources: [await within(directory, VIEWS, customization), ...egress === undefined ? [] : ["egress.yaml"]],
    configMapGenerator: [{ name: "view-gateway-templates", behavior: "merge", files }],
  });
}

function egressPolicy({ address, port }: NonNullable<Customization["egress"]>): object {
  const egress = [{ to: [{ ipBlock: { cidr: `${address}/32` } }], ports: [{ port }] }];
  const spec = { podSelector: {}, policyTypes: ["Egress"], egress };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "egress" }, spec };
}

/** The path of a directory below gateway/, as seen from another: kustomize takes no absolute path. */
async function within(directory: string, below: string, { manifests = ownManifests }: Checkout): Promise<string> {
  return relative(await Deno.realPath(directory), await Deno.realPath(join(manifests, below)));
}

async function write(directory: string, kustomization: object): Promise<void> {
  const whole = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...kustomization };
  // JSON is YAML.
  await Deno.writeTextFile(join(directory, "kustomization.yaml"), JSON.stringify(whole, null, 2) + "\n");
}

function requests(cpu: string): string {
  const container = (name: string) => ({ name, resources: { requests: { cpu } } });
  return podPatch({ initContainers: [container("sidecar")], containers: [container("envoy")] });
}

function aliases(hosts: Readonly<Record<string, string>>): string {
  return podPatch({ hostAliases: Object.entries(hosts).map(([name, ip]) => ({ ip, hostnames: [name] })) });
}

function podPatch(spec: object): string {
  const metadata = { name: "view-gateway" };
  return JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template: { spec } } });
}

/** The workload template of views that name none. */
export function defaultTemplate({ manifests = ownManifests }: Checkout = {}): Promise<string> {
  return Deno.readTextFile(join(manifests, "views/templates/default.yaml"));
}

/** The objects of a directory's kustomization. */
export async function renderKustomization(directory: string): Promise<readonly Manifest[]> {
  return parseAllDocuments(await runCommand("kubectl", ["kustomize", directory])).map((document) => document.toJS());
}

/** Sets the tags of a workload template's images, which kustomize does not see inside a ConfigMap. */
function withImages(template: string, images: readonly string[]): string {
  const document = parseDocument(template);
  const containers = ["spec", "template", "spec", "containers"];
  for (const index of Object.keys(document.toJS().spec.template.spec.containers)) {
    const path = [...containers, Number(index), "image"];
    const { repository } = splitReference(String(document.getIn(path)));
    const reference = images.find((image) => splitReference(image).repository === repository);
    if (reference !== undefined) document.setIn(path, reference);
  }
  return document.toString({ lineWidth: 0 });
}

/** `REPOSITORY:TAG` in its parts. */
export function splitReference(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

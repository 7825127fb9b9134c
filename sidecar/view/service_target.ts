import type { V1ContainerPort, V1ObjectMeta, V1ServicePort } from "@kubernetes/client-node";
import { NAME_LABEL } from "./labels.ts";
import type { Cause } from "./reasons.ts";

/** What a view's Service selects: pods with these labels, and one of their ports. */
export interface ServiceTarget {
  /** A container port's number, or its name. */
  readonly targetPort: number | string;
  /** The labels in `spec.selector` other than the view's name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The target of the Services that the API creates, and of nearly all others. */
export const DEFAULT_TARGET: ServiceTarget = { targetPort: "http", labels: {} };

/** The name of the Service's port for the view's requests, if it has several. */
export const PORT_NAME = "http";

/** The fields of a Service that select its pods. */
export interface SelectingService {
  readonly name: string;
  /** `spec.clusterIP` is `None`. */
  readonly headless: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly Pick<V1ServicePort, "name" | "port" | "targetPort" | "protocol">[];
}

/** The fields of a pod, or of a template's pod, that a Service selects by. */
export interface PodShape {
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PodPort[];
}

/** A TCP port that a container declares; the name is empty if it has none. */
export interface PodPort {
  readonly name: string;
  readonly number: number;
}

/** The target of a view's Service, or all reasons why it does not select the view's pods. */
export function targetOf(
  service: SelectingService,
): { readonly target: ServiceTarget } | { readonly problems: readonly string[] } {
  const { name, headless, selector } = service;
  const port = portOf(service);
  const problems = [
    ...headless ? [] : ["The Service is not headless: set spec.clusterIP to None."],
    ...selector[NAME_LABEL] === name
      ? []
      : [`The Service does not select its view's pods: set spec.selector to ${NAME_LABEL}: ${name}.`],
    ...typeof port === "string" ? [port] : [],
  ];
  if (typeof port === "string" || problems.length > 0) return { problems };
  const { [NAME_LABEL]: _, ...labels } = selector;
  const target = { targetPort: port.targetPort ?? port.port, labels };
  return { target: isDefault(target) ? DEFAULT_TARGET : target };
}

/** The Service's port for the view's requests: the only one, or the one named http. Otherwise why there is none. */
function portOf({ ports }: SelectingService): SelectingService["ports"][number] | string {
  if (ports.length === 0) return "The Service has no port: set spec.ports to {name: http, port: 80, targetPort: http}.";
  const tcp = ports.filter(({ protocol = "TCP" }) => protocol === "TCP");
  if (tcp.length === 0) return `The Service's port has the protocol ${ports[0]!.protocol}: set it to TCP.`;
  const found = tcp.length === 1 ? tcp[0] : tcp.find(({ name }) => name === PORT_NAME);
  return found ??
    `The Service has the ports ${
      tcp.map(({ name }) => name).join(", ")
    }: give the one that serves the view the name http.`;
}

/** Most views share the default target, which saves memory. */
function isDefault({ targetPort, labels }: ServiceTarget): boolean {
  return targetPort === DEFAULT_TARGET.targetPort && Object.keys(labels).length === 0;
}

/** The shape of a pod, or of a template's pod. */
export function shapeOf(metadata: Pick<V1ObjectMeta, "labels"> | undefined, spec: Containers | undefined): PodShape {
  const containers = [
    ...spec?.containers ?? [],
    // A sidecar container: Services find its ports too.
    ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
  // A manifest may have null for a missing field.
  const ports = containers.flatMap(({ ports }) => ports ?? []).filter(({ protocol }) => (protocol ?? "TCP") === "TCP");
  return {
    labels: metadata?.labels ?? {},
    ports: ports.map(({ name, containerPort }) => ({ name: name ?? "", number: containerPort })),
  };
}

/** Containers, as in a pod's spec. */
export interface Containers {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly restartPolicy?: string;
  readonly ports?: readonly Pick<V1ContainerPort, "name" | "containerPort" | "protocol">[];
}

/** Whether the Service's selector matches a pod of its view. */
export function selects(target: ServiceTarget, { labels }: Pick<PodShape, "labels">): boolean {
  return missingLabel(target, labels) === undefined;
}

/**
 * The number of the port to which a Service sends: a number is that of any port, declared or not, and a name that of the
 * first container that has it, as for FindPort in staging/src/k8s.io/endpointslice/utils.go of Kubernetes 1.33.
 */
export function portIn({ targetPort }: ServiceTarget, { ports }: Pick<PodShape, "ports">): number | undefined {
  return typeof targetPort === "number" ? targetPort : ports.find(({ name }) => name === targetPort)?.number;
}

function missingLabel({ labels }: ServiceTarget, has: PodShape["labels"]) {
  return Object.entries(labels).find(([label, value]) => has[label] !== value);
}

/**
 * Why a Service would not find pods of this shape, or their port; undefined if it does.
 * @param whose whose shape it is, as in "template default"
 */
export function targetMismatch(target: ServiceTarget, { labels, ports }: PodShape, whose: string): Cause | undefined {
  const missing = missingLabel(target, labels);
  if (missing !== undefined) {
    const [label, value] = missing;
    return invalidSpec(
      `The Service selects pods with the label ${label}=${value}, which ${whose} does not set: remove it from the ` +
        "Service's spec.selector, or set it in the template's spec.template.metadata.labels.",
    );
  }
  const { targetPort } = target;
  const has = ports.length === 0 ? "it declares no port" : `it declares ${ports.map(shown).join(", ")}`;
  if (typeof targetPort === "number") {
    // Kubernetes needs no declaration of a port; but if others are declared, a missing one is a mistake.
    if (ports.length === 0 || ports.some(({ number }) => number === targetPort)) return undefined;
    return invalidSpec(
      `The Service's targetPort is ${targetPort}, which no container of ${whose} declares as a TCP port; ${has}. Set it to one of these.`,
    );
  }
  if (portIn(target, { ports }) !== undefined) return undefined;
  if (targetPort !== DEFAULT_TARGET.targetPort) {
    return invalidSpec(
      `The Service's targetPort is ${targetPort}, and no container of ${whose} has a TCP port of that name; ${has}.${
        ports.length === 0 ? "" : " Set it to one of these."
      }`,
    );
  }
  return {
    reason: "InvalidTemplate",
    message:
      `No container of ${whose} has a TCP port named ${targetPort}, which is the Service's targetPort; ${has}. ` +
      `Give the port that the view listens on the name ${targetPort}, in the template's ` +
      "spec.template.spec.containers[].ports.",
  };
}

const invalidSpec = (message: string): Cause => ({ reason: "InvalidSpec", message });

function shown({ name, number }: PodPort): string {
  return name === "" ? String(number) : `${name} (${number})`;
}

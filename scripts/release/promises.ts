/** What a release promises to programs and operators, as docs/UPGRADE.md says: a line for each thing that has to stay. */
import { parseAllDocuments } from "yaml";

/** An OpenAPI document, as far as this reads it. */
export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses?: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
}

/** What clients send: no member may become a duty. Members of answers may not go. */
const SENT = /^(CreateView|PutView|ViewPatch|Subset)$/;

/** Paths, parameters and statuses of the API, and the members of what it takes and gives. */
export function apiPromises({ paths, components }: ApiDescription): readonly string[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, operation]) => operation.responses).flatMap(([method, operation]) => [
      ...Object.keys(operation.responses!).map((status) => `${method} ${path} answers ${status}`),
      ...(operation.parameters ?? []).map(({ name, in: place, required }) =>
        `${method} ${path} takes ${name} in the ${place}${required ? "" : ", or not"}`
      ),
    ])
  );
  const members = Object.entries(components.schemas).flatMap((
    [name, { properties = {}, required = [], ...schema }],
  ) => [
    ...Object.keys(properties).map((member) => `${name} has ${member}`),
    ...Object.keys(properties).filter((member) => SENT.test(name) !== required.includes(member))
      .map((member) => `${name} ${SENT.test(name) ? "needs no" : "always has"} ${member}`),
    ...(schema.enum ?? []).map((value) => `${name} can be ${value}`),
  ]);
  return [...operations, ...members];
}

/** The variables of docs/CONFIGURATION.md, with what holds without them. */
export function variablePromises(document: string): readonly string[] {
  return rowsOf(document, /^[A-Z][A-Z0-9_]+$/).map(([name, , standard]) =>
    `${name} is ${standard || "empty"} by itself`
  );
}

/** The metrics in the tables of a document, with their types and the values of their labels. */
export function metricPromises(document: string): readonly string[] {
  return rowsOf(document, /^view_gateway_\w+$/).flatMap(([name, type, labels]) => [
    `${name} is a ${type}`,
    ...labels!.split(";").flatMap((label) => {
      const [key, ...values] = [...label.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
      return values.map((value) => `${name} has ${key}=${value}`);
    }),
  ]);
}

/** The rows of tables whose first cell is such a word in backticks: their cells. */
function rowsOf(document: string, word: RegExp): readonly (readonly string[])[] {
  return document.split("\n").filter((line) => line.startsWith("| `")).map((line) =>
    line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim())
  ).map(([first, ...others]) => [first!.replaceAll("`", ""), ...others]).filter(([first]) => word.test(first!));
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: { readonly spec?: Pod } };
}

interface Pod {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

/** Objects in a file of kustomize, by kind and name, with the names of their containers and ports. */
export function manifestPromises(text: string): readonly string[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest | null)
    .flatMap((manifest) => manifest?.metadata === undefined ? [] : objectPromises(manifest));
}

function objectPromises({ kind, metadata: { name }, spec }: Manifest): readonly string[] {
  const { initContainers = [], containers = [] } = spec?.template?.spec ?? {};
  return [
    `${kind} ${name}`,
    ...[...initContainers, ...containers].flatMap((container) => [
      `${kind} ${name} has container ${container.name}`,
      ...(container.ports ?? []).map((port) => `${kind} ${name} has port ${port.name}, ${port.containerPort}`),
    ]),
  ];
}

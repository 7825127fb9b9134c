/**
 * Writes sidecar/gen/envoy.js and envoy.d.ts: encode and decode functions for the messages that the sidecar exchanges
 * with Envoy, from the .proto files in the npm package @grpc/grpc-js-xds. Does nothing while its inputs are unchanged.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import xdsPackage from "@grpc/grpc-js-xds/package.json" with { type: "json" };
import protobuf from "protobufjs";
import protobufPackage from "protobufjs/package.json" with { type: "json" };
import { Command } from "commander";
import pbjs from "protobufjs-cli/pbjs.js";
import pbjsPackage from "protobufjs-cli/package.json" with { type: "json" };
import { ADDED_FIELDS, ADDED_MESSAGES, DROPPED_FIELDS, MESSAGES } from "./proto_messages.ts";
import { declarations } from "./proto_types.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

const target = new URL("../../sidecar/gen/", import.meta.url);

/** Generates the module into a directory; answers whether it had to. */
export async function generate(directory: URL, force = false): Promise<boolean> {
  const stamp = new URL("envoy.inputs", directory);
  const inputs = await inputsHash();
  if (!force && await unlessAbsent(Deno.readTextFile(stamp)) === inputs && made(directory)) return false;
  const all = load();
  const descriptor = all.toJSON({ keepComments: true }) as Descriptor;
  prune(descriptor, needed(all, MESSAGES.flatMap(({ messages }) => messages)));
  await Deno.mkdir(directory, { recursive: true });
  await replace(new URL("envoy.js", directory), finish(await javascript(descriptor)));
  await replace(
    new URL("envoy.d.ts", directory),
    declarations(protobuf.Root.fromJSON(descriptor).resolveAll() as protobuf.Root),
  );
  await replace(stamp, inputs);
  return true;
}

/** What the generated files depend on: the packages' versions, and these scripts. */
async function inputsHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const { name, version } of [xdsPackage, protobufPackage, pbjsPackage]) hash.update(`${name}@${version}\n`);
  for (const script of ["protos.ts", "proto_messages.ts", "proto_types.ts"]) {
    hash.update(await Deno.readFile(new URL(script, import.meta.url)));
  }
  return hash.digest("hex") + "\n";
}

function load(): protobuf.Root {
  const includes = ["envoy-api", "googleapis", "xds", "protoc-gen-validate"].map((name) =>
    join(packageDirectory(import.meta.resolve("@grpc/grpc-js-xds")), "deps", name)
  );
  includes.push(packageDirectory(import.meta.resolve("protobufjs")));
  const root = new protobuf.Root();
  root.resolvePath = (_origin, file) => {
    if (protobuf.common.get(file) !== null) return file;
    const path = includes.map((include) => resolve(include, file)).find((path) => existsSync(path));
    if (path === undefined) throw new Error(`Cannot find ${file} in ${includes.join(", ")}`);
    return path;
  };
  root.loadSync(MESSAGES.map(({ file }) => file));
  for (const message of ADDED_MESSAGES) {
    const parent = root.lookup(message.slice(0, message.lastIndexOf("."))) as protobuf.Namespace;
    parent.add(new protobuf.Type(message.slice(message.lastIndexOf(".") + 1)));
  }
  for (const { message, name, id, type, rule } of ADDED_FIELDS) {
    root.lookupType(message).add(new protobuf.Field(name, id, type, rule));
  }
  for (const { message, name } of DROPPED_FIELDS) {
    const type = root.lookupType(message);
    type.remove(type.get(name)!);
  }
  return root.resolveAll() as protobuf.Root;
}

/** The messages of these full names and everything that their fields refer to. */
function needed(root: protobuf.Root, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (type: protobuf.Type | protobuf.Enum): void => {
    if (found.has(type.fullName)) return;
    found.add(type.fullName);
    if (type instanceof protobuf.Enum) return;
    for (const field of type.fieldsArray) {
      if (field.resolvedType) visit(field.resolvedType);
    }
  };
  for (const name of names) visit(root.lookupType(name));
  return found;
}

interface FieldDescriptor {
  options?: Record<string, unknown>;
}

interface Descriptor {
  fields?: Record<string, FieldDescriptor>;
  values?: unknown;
  nested?: Record<string, Descriptor>;
}

/**
 * Leaves only these messages and enums in a namespace; answers whether anything is left. (The generator's own --filter
 * sees only two components of a name, and its --sparse fails on these files.)
 */
function prune(namespace: Descriptor, keep: ReadonlySet<string>, name = ""): boolean {
  const nested = namespace.nested ?? {};
  for (const [key, child] of Object.entries(nested)) {
    if (!prune(child, keep, `${name}.${key}`)) delete nested[key];
  }
  if (keep.has(name)) {
    if (namespace.fields) namespace.fields = Object.fromEntries(Object.entries(namespace.fields).map(field));
    return true;
  }
  for (const member of Object.keys(namespace)) {
    if (member !== "nested") delete namespace[member as keyof Descriptor];
  }
  return Object.keys(nested).length > 0;
}

/** A field in camel case (the library's own copy of Any is not), without options that change nothing here. */
function field([name, descriptor]: [string, FieldDescriptor]): [string, FieldDescriptor] {
  if (descriptor.options?.["proto3_optional"] !== true) delete descriptor.options;
  return [protobuf.util.camelCase(name), descriptor];
}

async function javascript(descriptor: Descriptor): Promise<string> {
  const input = await Deno.makeTempFile({ prefix: "view-gateway-protos-", suffix: ".json" });
  try {
    await Deno.writeTextFile(input, JSON.stringify(descriptor));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const parts = ["--no-verify", "--no-convert", "--no-delimited", "--no-service", "--no-comments"];
    const args = ["-t", "static-module", "-w", "esm", "--dependency", "protobufjs/minimal.js", "-r", "envoy", ...parts];
    pbjs.main([...args, input], (error, output) => error ? reject(error) : resolve(output as string));
    return await promise;
  } finally {
    await Deno.remove(input);
  }
}

/** The directory of an npm package, which is where its package.json is, above its entry. */
function packageDirectory(entry: string): string {
  let directory = dirname(fileURLToPath(entry));
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  return directory;
}

/**
 * Envoy's resources are versioned by the hash of their encoding, so equal content must encode alike: a map's entries are
 * written in the order of their keys. The types are found by tools through the first line.
 */
function finish(code: string): string {
  const sorted = code.replaceAll(/(\$Object\.keys\(message\.[\w.]+\))/g, "$1.sort()");
  return `// @ts-self-types="./envoy.d.ts"\n${sorted.replaceAll(/^ +/gm, "")}`;
}

/** A reader never sees half a file, nor does a process that generates at the same time. */
async function replace(file: URL, text: string): Promise<void> {
  const made = await Deno.makeTempFile({ dir: dirname(fileURLToPath(file)), prefix: ".envoy-" });
  await Deno.writeTextFile(made, text);
  await Deno.chmod(made, 0o644);
  await Deno.rename(made, file);
}

function made(directory: URL): boolean {
  return ["envoy.js", "envoy.d.ts"].every((name) => existsSync(new URL(name, directory)));
}

if (import.meta.main) {
  const program = new Command("protos")
    .description(
      "Writes the protobuf code of Envoy's APIs into sidecar/gen, from the npm package @grpc/grpc-js-xds. Does nothing while\n" +
        "its inputs are unchanged.",
    )
    .option("--force", "write it even if its inputs are unchanged", false)
    .parse(Deno.args, { from: "user" });
  const start = performance.now();
  if (await generate(target, program.opts<{ force: boolean }>().force)) {
    console.error(`wrote sidecar/gen/envoy.js in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as browser from "../test/e2e/example/browser/build.ts";
import * as duckdb from "../test/e2e/example/duckdb/build.ts";
import { lake } from "../test/e2e/example/lake/lake.ts";
import { ENVOY_VERSION, envoyBinary } from "../test/envoy/envoy_binary.ts";
import { minioBinary } from "../test/lake/minio_binary.ts";
import { bundle } from "./bundle.ts";
import { run } from "./command.ts";
import { compile, hostArchitecture } from "./compile.ts";
import { permissions } from "./permissions.ts";
import { requireGo } from "./require_go.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dockerfiles = join(root, "scripts/images");
const examples = join(root, "test/e2e/example");
const page = join(examples, "page");
/** What the examples' programs in Go share. */
const goModule = ["go.mod", "go.sum", "view"].map((name) => join(examples, name));

export const imageNames = [
  "sidecar",
  "sidecar-compiled",
  "envoy",
  "example",
  "example-duckdb",
  "example-browser",
  "example-lake",
] as const;
export type ImageName = typeof imageNames[number];

/** What an image is made of, and how. */
export interface Definition {
  readonly repository: string;
  readonly dockerfile: string;
  /** Files and directories that the image is made of. */
  readonly inputs: readonly string[];
  /** Anything else that it is made of. */
  readonly strings: readonly string[];
  /** Where the tag is not the hash of the inputs. */
  readonly tag?: string;
  /** Text that is added to the Dockerfile. */
  readonly entrypoint?: readonly string[];
  /** Fills the context directory, and a directory per stage that is replaced. */
  prepare(context: string, stages: (name: string) => Promise<string>, signal?: AbortSignal): Promise<void>;
}

const sidecar = {
  repository: "ghcr.io/yolean/view-gateway-sidecar",
  inputs: ["sidecar", "types", "deno.json", "deno.lock", "scripts/bundle.ts"],
};

export const definitions: Readonly<Record<ImageName, Definition>> = {
  sidecar: {
    ...sidecar,
    dockerfile: join(dockerfiles, "sidecar.Dockerfile"),
    strings: [Deno.version.deno, ...permissions()],
    entrypoint: [
      "/usr/local/bin/deno",
      "run",
      "--no-config",
      "--no-remote",
      "--no-npm",
      ...permissions(),
      "/app/main.js",
    ],
    prepare: async (context, stages, signal) => {
      await bundle(join(context, "main.js"), signal);
      await Deno.copyFile(Deno.execPath(), join(await stages("deno"), "deno"));
    },
  },
  "sidecar-compiled": {
    ...sidecar,
    inputs: [...sidecar.inputs, "scripts/compile.ts"],
    dockerfile: join(dockerfiles, "sidecar_compiled.Dockerfile"),
    strings: [Deno.version.deno, ...permissions(), "compiled"],
    prepare: async (context, _stages, signal) => {
      await Deno.copyFile(await compile(hostArchitecture, signal), join(context, "view-gateway-sidecar"));
    },
  },
  envoy: {
    repository: "ghcr.io/yolean/envoy",
    dockerfile: join(dockerfiles, "envoy.Dockerfile"),
    inputs: ["test/envoy/envoy_binary.ts"],
    strings: [],
    tag: `distroless-v${ENVOY_VERSION}`,
    prepare: async (context, _stages, signal) => {
      await Deno.copyFile(await envoyBinary(signal), join(context, "envoy"));
    },
  },
  example: {
    repository: "ghcr.io/yolean/view-gateway-example",
    dockerfile: join(page, "Dockerfile"),
    inputs: [...goModule, page],
    strings: [],
    prepare: async (context, stages, signal) => {
      await copyInto(context, [...goModule, page]);
      await goBuild(join(context, "page"), join(await stages("build"), "page"), signal);
    },
  },
  "example-duckdb": {
    repository: "ghcr.io/yolean/view-gateway-example-duckdb",
    dockerfile: join(examples, "duckdb/Dockerfile"),
    inputs: [join(examples, "duckdb"), join(examples, "ui"), "deno.lock", "scripts/bundle.ts"],
    strings: [Deno.version.deno, ...duckdb.buildInputs],
    prepare: async (context, stages, signal) => {
      await Deno.mkdir(join(context, "app"));
      await duckdb.build(join(context, "app"), signal);
      await Deno.copyFile(Deno.execPath(), join(await stages("deno"), "deno"));
    },
  },
  "example-browser": {
    repository: "ghcr.io/yolean/view-gateway-example-browser",
    dockerfile: join(examples, "browser/Dockerfile"),
    inputs: [...goModule, join(examples, "browser"), join(examples, "ui"), "deno.lock", "scripts/bundle.ts"],
    strings: [Deno.version.deno],
    prepare: async (context, stages, signal) => {
      await copyInto(context, goModule);
      const program = join(context, "browser");
      await Deno.mkdir(program);
      await browser.build(program, signal);
      await goBuild(program, join(await stages("build"), "browser"), signal);
    },
  },
  "example-lake": {
    repository: "ghcr.io/yolean/view-gateway-example-lake",
    dockerfile: join(examples, "lake/Dockerfile"),
    inputs: [join(examples, "lake"), "test/lake/minio", "deno.lock"],
    strings: [],
    prepare: async (context, stages, signal) => {
      await cp(await lake(signal), join(context, "lake"), { recursive: true });
      await copyInto(context, [join(root, "test/lake/minio"), join(examples, "lake/setup")]);
      const build = await stages("build");
      await Deno.copyFile(await minioBinary(signal), join(build, "minio"));
      await goBuild(join(examples, "lake/setup"), join(build, "setup"), signal);
    },
  },
};

/** Copies files and directories, under their own names. */
async function copyInto(directory: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await cp(path, join(directory, basename(path)), { recursive: true });
}

async function goBuild(directory: string, binary: string, signal?: AbortSignal): Promise<void> {
  await requireGo("the examples are", "start a Docker daemon", signal);
  const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."];
  await run("go", args, { cwd: directory, env: { CGO_ENABLED: "0" }, signal });
}

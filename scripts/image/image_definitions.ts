import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assembleBrowserView } from "../example/browser_view.ts";
import { assembleDuckdbView, duckdbViewInputs } from "../example/duckdb_view.ts";
import { httpfsNeeds } from "../example/httpfs.ts";
import { lakeDirectory } from "../example/lake.ts";
import { ENVOY_VERSION, envoyBinary, envoyNeeds } from "../packages/envoy_binary.ts";
import { denoBinary, denoNeeds } from "../packages/deno_binary.ts";
import { componentsNeeds } from "../cluster/components.ts";
import { kwokctlNeeds } from "../cluster/kwok/kwokctl_binary.ts";
import { KWOK_IMAGE } from "../cluster/kwok/kwok_container.ts";
import { minioBinary, minioNeeds } from "../packages/minio_binary.ts";
import { bundle, bundleModule } from "../compile/bundle.ts";
import { runCommand } from "../process/command.ts";
import { type Architecture, compile } from "../compile/compile.ts";
import { splitReference } from "../deploy/kustomize.ts";
import { kwokClusterRoot } from "./kwok_cluster_root.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { permissions } from "../compile/permissions.ts";
import { requireGo } from "../needs/require_go.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dockerfiles = join(root, "scripts/image/dockerfiles");
const examples = join(root, "example");
const page = join(examples, "page");
const tokens = "sidecar/page/browser/tokens.css";
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
  "example-provider",
  "kwok-cluster",
] as const;
export type ImageName = typeof imageNames[number];

/** For what an image is built. */
export interface ImageBuild {
  readonly architecture: Architecture;
  /** The release of Go that builds, such as `go1.26.8`, which Go itself fetches. Default: Go's own choice. */
  readonly goToolchain?: string;
  readonly signal?: AbortSignal | undefined;
}

type Stage = (directory: string, context: string, build: ImageBuild) => Promise<void>;

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
  /** What `prepare` needs now. */
  needs?(architecture: Architecture): Promise<readonly RequiredTool[]>;
  /** What `stages` need now. */
  stageNeeds?(architecture: Architecture): Promise<readonly RequiredTool[]>;
  /** Fills the context directory. */
  prepare(context: string, build: ImageBuild): Promise<void>;
  /** What fills a directory in the place of a stage of the Dockerfile, by the stage's name. */
  readonly stages?: Readonly<Record<string, Stage>>;
}

const sidecar = {
  repository: "ghcr.io/yolean/view-gateway-sidecar",
  inputs: ["sidecar", "types", "deno.json", "deno.lock", "scripts/compile/bundle.ts"],
};

const { repository: kwokRepository, tag: kwokTag } = splitReference(KWOK_IMAGE);

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
    prepare: (context, { signal }) => bundle(join(context, "main.js"), signal),
    stageNeeds: denoNeeds,
    stages: { deno },
  },
  "sidecar-compiled": {
    ...sidecar,
    inputs: [...sidecar.inputs, "scripts/compile/compile.ts"],
    dockerfile: join(dockerfiles, "sidecar_compiled.Dockerfile"),
    strings: [Deno.version.deno, ...permissions(), "compiled"],
    prepare: async (context, { architecture, signal }) => {
      await Deno.copyFile(await compile(architecture, signal), join(context, "view-gateway-sidecar"));
    },
  },
  envoy: {
    repository: "ghcr.io/yolean/envoy",
    dockerfile: join(dockerfiles, "envoy.Dockerfile"),
    inputs: ["scripts/packages/envoy_binary.ts"],
    strings: [],
    tag: `distroless-v${ENVOY_VERSION}`,
    needs: () => Promise.resolve(envoyNeeds()),
    prepare: async (context, { signal }) => {
      await Deno.copyFile(await envoyBinary(signal), join(context, "envoy"));
    },
  },
  example: {
    repository: "ghcr.io/yolean/view-gateway-example",
    dockerfile: join(page, "Dockerfile"),
    inputs: [...goModule, page],
    strings: [],
    prepare: (context) => copyInto(context, [...goModule, page]),
    stageNeeds: goNeeds,
    stages: { build: (directory, context, build) => goBuild(join(context, "page"), join(directory, "page"), build) },
  },
  "example-duckdb": {
    repository: "ghcr.io/yolean/view-gateway-example-duckdb",
    dockerfile: join(examples, "duckdb/Dockerfile"),
    inputs: [join(examples, "duckdb"), join(examples, "ui"), tokens, "deno.lock", "scripts/compile/bundle.ts"],
    strings: [Deno.version.deno, ...duckdbViewInputs],
    needs: (architecture) => Promise.resolve(httpfsNeeds(architecture)),
    prepare: async (context, { architecture, signal }) => {
      await Deno.mkdir(join(context, "app"));
      await assembleDuckdbView(join(context, "app"), architecture, signal);
    },
    stageNeeds: denoNeeds,
    stages: { deno },
  },
  "example-browser": {
    repository: "ghcr.io/yolean/view-gateway-example-browser",
    dockerfile: join(examples, "browser/Dockerfile"),
    inputs: [
      ...goModule,
      join(examples, "browser"),
      join(examples, "ui"),
      tokens,
      "deno.lock",
      "scripts/compile/bundle.ts",
    ],
    strings: [Deno.version.deno],
    prepare: async (context, { signal }) => {
      await copyInto(context, goModule);
      const program = join(context, "browser");
      await Deno.mkdir(program);
      await assembleBrowserView(program, signal);
    },
    stageNeeds: goNeeds,
    stages: {
      build: (directory, context, build) => goBuild(join(context, "browser"), join(directory, "browser"), build),
    },
  },
  "example-lake": {
    repository: "ghcr.io/yolean/view-gateway-example-lake",
    dockerfile: join(examples, "lake/Dockerfile"),
    inputs: [join(examples, "lake"), "scripts/packages/minio", "deno.lock"],
    strings: [],
    prepare: async (context, { signal }) => {
      await cp(await lakeDirectory(signal), join(context, "lake"), { recursive: true });
      await copyInto(context, [join(root, "scripts/packages/minio"), join(examples, "lake/setup")]);
    },
    stageNeeds: async () => [...await goNeeds(), ...await minioNeeds()],
    stages: {
      build: async (directory, context, build) => {
        await Deno.copyFile(await minioBinary(build.signal), join(directory, "minio"));
        await goBuild(join(context, "setup"), join(directory, "setup"), build);
      },
    },
  },
  "example-provider": {
    repository: "ghcr.io/yolean/view-gateway-example-provider",
    dockerfile: join(examples, "provider/Dockerfile"),
    inputs: [join(examples, "provider"), join(page, "tokens.css"), "deno.lock", "scripts/compile/bundle.ts"],
    strings: [Deno.version.deno],
    prepare: (context, { signal }) =>
      bundleModule(join(examples, "provider/main.ts"), join(context, "main.js"), { signal }),
    stageNeeds: denoNeeds,
    stages: { deno },
  },
  "kwok-cluster": {
    repository: kwokRepository,
    dockerfile: join(dockerfiles, "kwok_cluster.Dockerfile"),
    inputs: [
      ...["kube", "components.ts", "kwok/kwokctl", "kwok/kwokctl_binary.ts"].map((name) =>
        join("scripts/cluster", name)
      ),
      join(dockerfiles, "kwok_cluster"),
      "scripts/image/kwok_cluster_root.ts",
    ],
    strings: [],
    tag: kwokTag,
    needs: async () => [...await componentsNeeds(), ...await kwokctlNeeds()],
    prepare: (context, { signal }) => kwokClusterRoot(context, signal),
  },
};

async function deno(directory: string, _context: string, { architecture, signal }: ImageBuild): Promise<void> {
  await Deno.copyFile(await denoBinary(architecture, signal), join(directory, "deno"));
}

/** Copies files and directories, under their own names. */
async function copyInto(directory: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await cp(path, join(directory, basename(path)), { recursive: true });
}

function goNeeds(): Promise<readonly RequiredTool[]> {
  return Promise.resolve([{ tool: "go", purpose: "to build the examples" }]);
}

async function goBuild(directory: string, binary: string, build: ImageBuild): Promise<void> {
  const { architecture, goToolchain, signal } = build;
  await requireGo("the examples are", "start a Docker daemon", signal);
  const args = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, "."];
  // Least versions of processors, and no flags of the user's: the same sources make the same binary.
  const target = { GOOS: "linux", GOARCH: architecture, GOAMD64: "v1", GOARM64: "v8.0", GOFLAGS: "", GOEXPERIMENT: "" };
  const env = { ...target, CGO_ENABLED: "0", ...goToolchain !== undefined && { GOTOOLCHAIN: goToolchain } };
  await runCommand("go", args, { cwd: directory, env, signal });
}

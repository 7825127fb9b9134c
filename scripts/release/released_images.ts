/** Builds the images of a release, for both architectures, without Docker. */
import { join } from "node:path";
import type { Architecture } from "../compile/compile.ts";
import { definitions, type ImageBuild } from "../image/image_definitions.ts";
import { dockerfileText, type ImageName } from "../image/images.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { debianRoot } from "./debian_root.ts";
import { lastStage } from "./dockerfile.ts";
import { type TreeEntry, treeOf } from "./file_tree.ts";
import { type ImageDescription, type OciImage, ociImage, type OciIndex, ociIndex, ociLayer } from "./oci_image.ts";
import { componentsOf, type SoftwareComponent } from "./image_components.ts";
import { gzipped, tarOf } from "./tar.ts";

/** The images that gateway/ and the templates of the example name, but Envoy's, which is Envoy's own. */
export const RELEASED = ["sidecar", "example", "example-browser", "example-duckdb"] as const satisfies ImageName[];

export const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** The Go that builds the examples; another one makes another binary. */
const GO_TOOLCHAIN = "go1.26.8";

export interface ReleasedImage {
  readonly name: ImageName;
  readonly repository: string;
  readonly index: OciIndex;
  readonly components: Readonly<Record<Architecture, readonly SoftwareComponent[]>>;
}

/** What a release's images are built for. */
export type ReleaseDescription = Omit<ImageDescription, "title">;

/** Builds images one after another; layers that they share are made once. */
export class ImageAssembly {
  readonly #description: ReleaseDescription;
  readonly #signal: AbortSignal | undefined;
  readonly #layers = new Map<string, Promise<ReturnType<typeof ociLayer>>>();

  constructor(description: ReleaseDescription, signal?: AbortSignal) {
    this.#description = description;
    this.#signal = signal;
  }

  async build(name: ImageName): Promise<ReleasedImage> {
    const { repository } = definitions[name];
    const description = { ...this.#description, title: repository.replace(/.*\//, "") };
    const built: { image: OciImage; components: readonly SoftwareComponent[] }[] = [];
    for (const architecture of ARCHITECTURES) {
      built.push(
        await step(`Assembling ${name} for ${architecture}`, () => this.#assemble(name, architecture, description)),
      );
    }
    const [amd64, arm64] = built.map(({ components }) => components);
    const index = ociIndex(built.map(({ image }) => image), description);
    return { name, repository, index, components: { amd64: amd64!, arm64: arm64! } };
  }

  async #assemble(name: ImageName, architecture: Architecture, description: ImageDescription) {
    const { prepare, stages = {} } = definitions[name];
    const build: ImageBuild = { architecture, goToolchain: GO_TOOLCHAIN, signal: this.#signal };
    await using work = await temporaryDirectory({ prefix: "view-gateway-release-" });
    const context = join(work.path, "context");
    await Deno.mkdir(context);
    await prepare(context, build);
    const { hasBase, copies, configuration } = lastStage(await dockerfileText(name));
    for (const [stage, fill] of Object.entries(stages)) {
      await Deno.mkdir(join(work.path, stage));
      await fill(join(work.path, stage), context, build);
    }
    const layers = hasBase
      ? [await this.#layer(`base ${architecture}`, () => debianRoot(architecture, this.#signal))]
      : [];
    for (const { stage, from, to } of copies) {
      const tree = () => treeOf(join(work.path, stage ?? "context", from), to.replace(/^\//, ""));
      // What Deno's stage has depends on the architecture alone.
      layers.push(await this.#layer(stage === "deno" ? `deno ${architecture}` : undefined, tree));
    }
    const image = ociImage(architecture, layers, configuration, description);
    return {
      image,
      components: await componentsOf({ name, architecture, directory: work.path, hasBase }, this.#signal),
    };
  }

  #layer(key: string | undefined, tree: () => Promise<readonly TreeEntry[]>): Promise<ReturnType<typeof ociLayer>> {
    const made = key === undefined ? undefined : this.#layers.get(key);
    if (made !== undefined) return made;
    const layer = this.#make(tree);
    if (key !== undefined) this.#layers.set(key, layer);
    return layer;
  }

  async #make(tree: () => Promise<readonly TreeEntry[]>) {
    const tar = await tarOf(await tree(), this.#description.time);
    return ociLayer(tar, gzipped(tar));
  }
}

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Builder, Recipe } from "./image_builder.ts";
import { DENO_VERSION } from "../compile/bundle.ts";
import { buildImage } from "./images.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** Stands for Docker and buildah: keeps what it is asked, and what it finds. */
function recording(
  runsStages = false,
): { builder: Builder; recipes: (Recipe & { readonly files: readonly string[] })[] } {
  const recipes: (Recipe & { files: readonly string[] })[] = [];
  const build: Builder["build"] = async (recipe, archive) => {
    const files: string[] = [];
    for (const directory of [recipe.context, ...Object.values(recipe.stages)]) {
      for await (const { name } of Deno.readDir(directory)) files.push(name);
    }
    recipes.push({ ...recipe, files });
    await Deno.writeTextFile(archive, "archive");
  };
  return { builder: { name: "a builder", runsStages, build }, recipes };
}

Deno.test("an image is built once from the same inputs", async () => {
  await using directory = await temporaryDirectory();
  const { builder, recipes } = recording();
  const first = await buildImage("example", { builder, directory: directory.path });
  assert.deepEqual(await buildImage("example", { builder, directory: directory.path }), first);
  assert.equal(recipes.length, 1);
  assert.match(first.reference, /^ghcr\.io\/yolean\/view-gateway-example:[0-9a-f]{12}$/);
  assert.equal(await Deno.readTextFile(first.archive), "archive");
  assert.ok(recipes[0]?.files.includes("page"), "the binary takes the place of the stage that builds it");
});

Deno.test("a builder that runs a Dockerfile's stages gets nothing that was built for them", async () => {
  await using directory = await temporaryDirectory();
  const { builder, recipes } = recording(true);
  await buildImage("example", { builder, directory: directory.path });
  assert.deepEqual(recipes[0]?.stages, {});
  assert.deepEqual(recipes[0]?.files.toSorted(), ["go.mod", "go.sum", "page", "view"]);
});

Deno.test("a build that fails leaves nothing", async () => {
  await using directory = await temporaryDirectory();
  const build = () => Promise.reject(new Error("no space left"));
  const builder: Builder = { name: "a builder", runsStages: false, build };
  await assert.rejects(buildImage("example", { builder, directory: directory.path }), { message: "no space left" });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(directory.path)), []);
});

Deno.test("of an image three archives are kept, of others all", async () => {
  await using directory = await temporaryDirectory();
  const old = [..."0123"].map((digit) => `example-${digit.repeat(12)}.tar`);
  for (const [index, name] of old.entries()) {
    await Deno.writeTextFile(join(directory.path, name), "");
    await Deno.utime(join(directory.path, name), index, index);
  }
  await Deno.writeTextFile(join(directory.path, "envoy-000000000000.tar"), "");
  const { archive } = await buildImage("example", { builder: recording().builder, directory: directory.path });
  const left = (await Array.fromAsync(Deno.readDir(directory.path), ({ name }) => join(directory.path, name))).sort();
  const kept = [archive, ...[...old.slice(2), "envoy-000000000000.tar"].map((name) => join(directory.path, name))];
  assert.deepEqual(left, kept.sort());
});

Deno.test("the release image has the Deno that the sidecar needs", async () => {
  const dockerfile = await Deno.readTextFile(new URL("dockerfiles/sidecar.Dockerfile", import.meta.url));
  assert.match(
    dockerfile,
    new RegExp(`^FROM docker\\.io/denoland/deno:bin-${DENO_VERSION.replaceAll(".", "\\.")} AS deno$`, "m"),
  );
});

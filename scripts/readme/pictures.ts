/** Takes the documents' pictures. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { interruptible } from "../process/interruptible.ts";
import { takeObservationPictures } from "./observation_pictures.ts";
import { supervise } from "../process/supervise.ts";

/** The stories that take pictures, as filters of `e2e`. */
const STORIES = ["console_looks", "page_looks", "analyst_walks", "people_sign_in"];

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const KEPT = path("docs/pictures");

interface PictureOptions {
  readonly observation?: true;
}

async function takePictures({ observation }: PictureOptions, signal: AbortSignal): Promise<void> {
  if (!observation) {
    const status = await supervise([Deno.execPath(), "run", "-A", path("scripts/test/e2e.ts"), ...STORIES], {}, signal);
    Deno.exitCode = status;
    if (status !== 0) return;
    const taken = path("test/e2e/output/pictures");
    for await (const { name } of Deno.readDir(taken)) await Deno.copyFile(`${taken}/${name}`, `${KEPT}/${name}`);
  }
  await takeObservationPictures(KEPT, signal);
}

const program = new Command("pictures")
  .description(
    "Takes the documents' pictures and keeps them in docs/pictures: those of the gateway's pages by the end-to-end tests,\n" +
      "and those of Zipkin and Prometheus beside a demo.",
  )
  .option("--observation", "only those of Zipkin and Prometheus")
  .parse(Deno.args, { from: "user" });

await interruptible((signal) => takePictures(program.opts<PictureOptions>(), signal));

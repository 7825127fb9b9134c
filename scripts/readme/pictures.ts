/** Takes the documents' pictures: the end-to-end tests that look at pages take them, and this keeps them. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { interruptible } from "../process/interruptible.ts";
import { supervise } from "../process/supervise.ts";

/** The stories that take pictures, as filters of `e2e`. */
const STORIES = ["console_looks", "page_looks", "analyst_walks", "people_sign_in"];

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

new Command("pictures")
  .description("Runs the end-to-end tests that take the documents' pictures, and keeps these in docs/pictures.")
  .parse(Deno.args, { from: "user" });

await interruptible(async (signal) => {
  const status = await supervise([Deno.execPath(), "run", "-A", path("scripts/test/e2e.ts"), ...STORIES], {}, signal);
  Deno.exitCode = status;
  if (status !== 0) return;
  const taken = path("test/e2e/output/pictures");
  for await (const { name } of Deno.readDir(taken)) {
    await Deno.copyFile(`${taken}/${name}`, path(`docs/pictures/${name}`));
  }
});

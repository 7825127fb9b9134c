/** Runs a command with a Docker daemon: `deno task docker --help`. */
import { Command, Option } from "commander";
import { executable } from "../process/command_line.ts";
import { dockerImage } from "./docker_client.ts";
import { KWOK_IMAGE } from "../cluster/kwok/kwok_container.ts";
import { supervise } from "../process/supervise.ts";
import { runCommand } from "../process/command.ts";
import { startDockerDaemon } from "./docker_daemon.ts";
import { dockerEngine } from "./docker_engine.ts";
import { buildImage } from "../image/images.ts";
import { interruptible } from "../process/interruptible.ts";
import { requireNeeds } from "../needs/needs.ts";

/** What they stand for. */
const standIns = { "kwok-cluster": KWOK_IMAGE } as const;
type StandIn = keyof typeof standIns;

interface Options {
  readonly image: StandIn;
}

async function main([word, ...args]: [string, ...string[]], { image: name }: Options, signal: AbortSignal) {
  const execute = () => supervise([executable(word), ...args], {}, signal);
  const found = await dockerImage(standIns[name], signal);
  if ("daemon" in found) {
    console.error(`Docker: the daemon at ${found.daemon}`);
    Deno.exitCode = await execute();
    return;
  }
  console.error(`Docker: a daemon of this command's own, since ${found.lacking}`);
  const tools = ["linux", "root", "dockerd", "ip"] as const;
  const needs = tools.map((tool) => ({ tool, purpose: "for a Docker daemon" }));
  await requireNeeds("this command", { needs }, signal);
  const engine = await dockerEngine(signal);
  await using daemon = await startDockerDaemon(engine, signal);
  // For the command, and for all that is asked of Docker here.
  Deno.env.set("DOCKER_HOST", daemon.address);
  Deno.env.set("PATH", engine.path);
  const own = await dockerImage(standIns[name], signal);
  if ("lacking" in own) {
    console.error(`${standIns[name]}: the stand-in that \`deno task image ${name}\` builds`);
    const { archive } = await buildImage(name, { signal });
    await runCommand("docker", ["load", `--input=${archive}`], { signal });
  }
  Deno.exitCode = await execute();
}

const program = new Command("docker")
  .description(
    "Runs a command with DOCKER_HOST set to a Docker daemon that has an image, and exits with its status: the daemon that\n" +
      "runs on this machine, if it has the image or can pull it; else one of the command's own, from Debian's packages,\n" +
      "of which nothing is left afterwards. That takes root. An image that it cannot pull is the stand-in that\n" +
      "`deno task image` builds.",
  )
  .usage("[options] -- <command> [args...]")
  .argument("<command...>", "what to run; `deno` need not be on PATH")
  .addOption(new Option("--image <name>", "the image").choices(Object.keys(standIns)).default("kwok-cluster"))
  .parse(Deno.args, { from: "user" });
await interruptible((signal) => main(program.args as [string, ...string[]], program.opts<Options>(), signal));

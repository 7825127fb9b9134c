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

/** The images that the stand-ins replace. */
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
  // For the command, and for this process.
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
    "Runs a command with DOCKER_HOST set to a Docker daemon that has an image, and exits with the command's status. If the\n" +
      "daemon of this machine neither has the image nor can pull it, this starts a daemon of its own from Debian's packages\n" +
      "and removes it afterwards. That needs root. Its image is then the stand-in that `deno task image` builds.",
  )
  .usage("[options] -- <command> [args...]")
  .argument("<command...>", "the command; `deno` works even if it is not on PATH")
  .addOption(new Option("--image <name>", "the image").choices(Object.keys(standIns)).default("kwok-cluster"))
  .parse(Deno.args, { from: "user" });
await interruptible((signal) => main(program.args as [string, ...string[]], program.opts<Options>(), signal));

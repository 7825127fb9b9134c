/** Compiles the sidecar to target/bin/amd64 and target/bin/arm64: one binary each, with its permissions. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { bundle } from "./bundle.ts";
import { runCommand } from "../process/command.ts";
import { interruptible } from "../process/interruptible.ts";
import { MissingError } from "../needs/missing_error.ts";
import { permissions, type Reach } from "./permissions.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

export type Architecture = "amd64" | "arm64";

interface Target {
  readonly triple: string;
  /** `e_machine` of an ELF file. */
  readonly machine: number;
}

const targets: Readonly<Record<Architecture, Target>> = {
  amd64: { triple: "x86_64-unknown-linux-gnu", machine: 62 },
  arm64: { triple: "aarch64-unknown-linux-gnu", machine: 183 },
};

/** Of this machine. */
export const hostArchitecture: Architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the binary runs with, as flags that `deno run` takes too. */
export function runFlags(reach?: Reach): readonly string[] {
  return ["--no-config", "--no-check", ...permissions(reach)];
}

/**
 * Compiles the sidecar and answers the binary's path.
 * @throws MissingError where there is no denort, the runtime that `deno compile` puts into the binary
 */
export async function compile(architecture: Architecture, signal?: AbortSignal): Promise<string> {
  const lack = await compileLack(architecture, signal);
  if (lack !== undefined) throw new MissingError(lack);
  const directory = join(root, "target/bin", architecture);
  await Deno.mkdir(directory, { recursive: true });
  await using work = await temporaryDirectory({ prefix: "view-gateway-compile-" });
  return await step(`Compiling for ${architecture}`, async () => {
    const script = join(work.path, "main.js");
    const made = join(work.path, "view-gateway-sidecar");
    const binary = join(directory, "view-gateway-sidecar");
    await bundle(script, signal);
    await compileProgram(script, architecture, made, signal);
    await Deno.copyFile(made, `${binary}.new`);
    await Deno.chmod(`${binary}.new`, 0o755);
    await Deno.rename(`${binary}.new`, binary);
    return binary;
  });
}

/** Compiles a program of one file. The same text makes the same binary, wherever and whenever it is written. */
export async function compileProgram(
  script: string,
  architecture: Architecture,
  binary: string,
  signal?: AbortSignal,
): Promise<void> {
  // The binary has the time of the file.
  await Deno.utime(script, 0, 0);
  const args = ["compile", "--quiet", "--target", targets[architecture].triple, ...runFlags(), "--output", binary];
  // Deno takes DENORT_BIN for every target; empty, it is as if not set.
  const env = { DENORT_BIN: await denortOf(architecture) ?? "" };
  await runCommand(Deno.execPath(), [...args, script], { cwd: join(script, ".."), env, signal });
}

/** Why the sidecar cannot be compiled here; undefined where it can. */
export async function compileLack(architecture: Architecture, signal?: AbortSignal): Promise<string | undefined> {
  const { triple } = targets[architecture];
  if (await denortOf(architecture) !== undefined || await downloadable(triple, signal)) return undefined;
  return `Cannot compile for ${architecture}: denort ${Deno.version.deno} is not in Deno's cache and https://dl.deno.land cannot ` +
    `be reached; set DENORT_BIN to the path of a denort ${Deno.version.deno} for ${triple}.`;
}

/** The one of the given denorts that is for this architecture. */
async function denortOf(architecture: Architecture): Promise<string | undefined> {
  for (const path of (Deno.env.get("DENORT_BIN") ?? "").split(":").filter(Boolean)) {
    if (await machineOf(path) === targets[architecture].machine) return path;
  }
  return undefined;
}

async function machineOf(path: string): Promise<number> {
  const header = new Uint8Array(20);
  try {
    using file = await Deno.open(path);
    await file.read(header);
  } catch (error) {
    throw new MissingError(`DENORT_BIN cannot be read: ${(error as Error).message}`);
  }
  return new DataView(header.buffer).getUint16(18, true);
}

/** Whether `deno compile` finds denort in its cache or can fetch it. It would itself try for as long as TCP does. */
async function downloadable(triple: string, signal?: AbortSignal): Promise<boolean> {
  const { denoDir } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"], { signal })) as {
    denoDir: string;
  };
  const path = `release/v${Deno.version.deno}/denort-${triple}.zip`;
  if (existsSync(join(denoDir, "dl", path))) return true;
  const limit = AbortSignal.timeout(10_000);
  try {
    const options = { method: "HEAD", signal: signal ? AbortSignal.any([signal, limit]) : limit };
    return (await fetch(`https://dl.deno.land/${path}`, options)).ok;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

if (import.meta.main) {
  const program = new Command("compile")
    .description("Compiles the sidecar to target/bin/ARCH/view-gateway-sidecar and prints the paths.")
    .addOption(new Option("--arch <arch...>", "architectures").choices(["amd64", "arm64"]).default(["amd64", "arm64"]))
    .addHelpText(
      "after",
      "\nDENORT_BIN: paths of denorts of Deno's version, with `:` between them, where they cannot be downloaded.",
    )
    .parse(Deno.args, { from: "user" });
  await interruptible(async (signal) => {
    for (const architecture of program.opts<{ arch: Architecture[] }>().arch) {
      console.log(await compile(architecture, signal));
    }
  });
}

/** Java's packages for tests, with the Java and Maven that this machine has. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../../scripts/cache/cache.ts";
import { runCommand, succeeds } from "../../../scripts/process/command.ts";
import { cachedDirectory } from "../../../scripts/cache/cached_directory.ts";
import { step } from "../../../scripts/process/step.ts";

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const POM = fileURLToPath(new URL("pom.xml", import.meta.url));

/** Whether this machine has a JDK and Maven. What needs them is skipped otherwise. */
export const java = await succeeds("javac", ["--version"]) && await succeeds("mvn", ["--version"]);

if (!java) console.log("There is no JDK with Maven: tests that need them are skipped.");

/** Runs a program of this folder, which is one file, and answers what it prints. */
export async function runJava(file: string, args: readonly string[]): Promise<string> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  // The first is for a program that runs for a moment; the second keeps it from writing to the temporary directory.
  const options = ["-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "--class-path", join(await jars(), "*")];
  return await runCommand("java", [...options, program, ...args]);
}

/** The path of a directory with what the POM names, which is kept in the user's cache. */
async function jars(): Promise<string> {
  const directory = await cachedDirectory("java-packages", await inputHash([PLUGIN], [POM]), async (directory) => {
    const repository = join(directory, "repository");
    const args = ["--quiet", "--batch-mode", "--strict-checksums", `-Dmaven.repo.local=${repository}`, "--file", POM];
    const copied = `-DoutputDirectory=${join(directory, "jars")}`;
    await step(
      "Downloading Apache HttpClient by Maven",
      () => runCommand("mvn", [...args, `${PLUGIN}:copy-dependencies`, copied]),
    );
    await Deno.remove(repository, { recursive: true });
  });
  return join(directory, "jars");
}

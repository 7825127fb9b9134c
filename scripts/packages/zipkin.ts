/** Makes Zipkin available for the demo and tests: a server for traces with a web page, from its Maven package. */
import { join } from "node:path";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import { requireDigest } from "../cache/file_digest.ts";
import { JAVA, thereIsJava } from "../needs/java_version.ts";
import { MissingError } from "../needs/missing_error.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { runCommand } from "../process/command.ts";
import { step } from "../process/step.ts";
import { requireCommand } from "./debian.ts";

const VERSION = "3.5.1";
/** `slim` keeps spans in memory, and has the page. */
const ARTIFACT = `io.zipkin:zipkin-server:${VERSION}:jar:slim`;
const JAR = `zipkin-server-${VERSION}-slim.jar`;
const SHA256 = "7956e7f2c64b7073e1362b81e697fceb5fe61e121ad3cb48d545461026964b0f";
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** Spans that are kept at most. */
const SPANS = 50_000;

export interface ZipkinOptions {
  /** Where it listens. By itself it would listen everywhere. */
  readonly hostname: string;
  readonly port: number;
  /** A folder for files of libraries, which it leaves there. */
  readonly directory: string;
}

/**
 * The command that runs Zipkin. Its jar is downloaded at first need (84 MB) and kept in the user's cache.
 * @throws MissingError where there is no Java or no Maven, and they cannot be installed
 */
export async function zipkinCommand(
  { hostname, port, directory }: ZipkinOptions,
  signal?: AbortSignal,
): Promise<readonly [string, ...string[]]> {
  await requireJava(signal);
  const kept = await cachedDirectory("zipkin", VERSION, (directory) => download(directory, signal), { signal });
  return [
    "java",
    // Its start would be slower with the other compiler.
    ...["-Xmx256m", "-XX:TieredStopAtLevel=1"],
    // Java itself has a file in the machine's temporary directory.
    ...["-XX:-UsePerfData", `-Djava.io.tmpdir=${directory}`],
    ...["-jar", join(kept, JAR)],
    ...[`--armeria.ports[0].ip=${hostname}`, `--armeria.ports[0].port=${port}`, "--armeria.ports[0].protocols[0]=http"],
    `--zipkin.storage.mem.max-spans=${SPANS}`,
  ];
}

/** What `zipkinCommand` needs now. */
export function zipkinNeeds(): readonly RequiredTool[] {
  const java = { tool: "java", purpose: "to run Zipkin" } as const;
  return isCached("zipkin", VERSION) ? [java] : [java, { tool: "maven", purpose: "to download Zipkin" }];
}

async function requireJava(signal?: AbortSignal): Promise<void> {
  if (await thereIsJava(signal)) return;
  // Debian's Java has links to /etc, so it does not run from the cache.
  await requireCommand("java", "default-jre-headless", signal);
  if (!await thereIsJava(signal)) throw new MissingError(`The java on PATH is too old for Zipkin. Install ${JAVA}.`);
}

async function download(directory: string, signal?: AbortSignal): Promise<void> {
  await requireCommand("mvn", "maven", signal);
  const repository = join(directory, "repository");
  await step(`Downloading Zipkin ${VERSION} by Maven`, () =>
    runCommand("mvn", [
      ...["--quiet", "--batch-mode", "--strict-checksums", `-Dmaven.repo.local=${repository}`],
      ...[`${PLUGIN}:copy`, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${directory}`],
    ], { cwd: directory, signal }));
  await Deno.remove(repository, { recursive: true });
  await requireDigest(join(directory, JAR), SHA256);
}

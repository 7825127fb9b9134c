/** Makes DuckDB's httpfs extension available: it is downloaded at run time otherwise. */
import { join } from "node:path";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import { requireDigest } from "../cache/file_digest.ts";
import { type Architecture, hostArchitecture } from "../compile/compile.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { takeFromWheel } from "../packages/pypi_wheel.ts";
import { DUCKDB_VERSION } from "./duckdb_version.ts";

const NAME = "duckdb-httpfs";

interface HttpfsFile {
  /** The platform of its wheel. */
  readonly platform: string;
  readonly sha256: string;
}

/** The extension of DuckDB 1.5.5 in images. */
const FILES: Readonly<Record<Architecture, HttpfsFile>> = {
  amd64: {
    platform: "manylinux2014_x86_64",
    sha256: "887c392b1e49128d11667c81e3698d8b00dfdeb456771acf66d05a0f74f7b7d8",
  },
  arm64: {
    platform: "manylinux2014_aarch64",
    sha256: "eba6e263e395a83966090f1f11ade63630b1b21422f0f2813858d179d42ea1e9",
  },
};

const ofLinux = Deno.build.os === "linux" ? hostArchitecture : undefined;

export interface HttpfsOptions {
  /** Of the Linux that it is for. Default: it is for this machine, whatever that runs. */
  readonly architecture?: Architecture;
  readonly signal?: AbortSignal | undefined;
}

/** The path of the extension for this DuckDB, from PyPI's wheel, kept in the user's cache. */
export async function httpfs({ architecture = ofLinux, signal }: HttpfsOptions = {}): Promise<string> {
  const release = DUCKDB_VERSION;
  const name = "httpfs.duckdb_extension";
  const expected = architecture && FILES[architecture];
  const directory = await cachedDirectory(nameOf(architecture), release, async (directory) => {
    const wheel = `duckdb-extension-httpfs==${release}`;
    const file = join("duckdb_extension_httpfs/extensions", `v${release}`, name);
    await step(
      `Downloading DuckDB's httpfs ${release} from PyPI`,
      () => takeFromWheel(wheel, file, join(directory, name), signal, expected?.platform),
    );
    if (expected) await requireDigest(join(directory, name), expected.sha256);
  }, { signal });
  return join(directory, name);
}

/** What `httpfs` needs now. */
export function httpfsNeeds(architecture: Architecture | undefined = ofLinux): readonly RequiredTool[] {
  return isCached(nameOf(architecture), DUCKDB_VERSION)
    ? []
    : [{ tool: "pip", purpose: "to download DuckDB's httpfs" }];
}

function nameOf(architecture: Architecture | undefined): string {
  return architecture === undefined ? NAME : `${NAME}-${architecture}`;
}

if (import.meta.main) console.log(await httpfs());

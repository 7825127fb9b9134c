/** Makes the Deno of images available: the same file for all builds, wherever it comes from. */
import { join } from "node:path";
import { fileDigest, requireDigest } from "../cache/file_digest.ts";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import { DENO_VERSION } from "../compile/bundle.ts";
import type { Architecture } from "../compile/compile.ts";
import { step } from "../process/step.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { takeFromWheel } from "./pypi_wheel.ts";

interface DenoFile {
  /** The platform of its wheel. */
  readonly platform: string;
  readonly sha256: string;
}

/** What npm, PyPI and Deno's own releases have as Deno DENO_VERSION for Linux with glibc. */
export const DENO_FILES: Readonly<Record<Architecture, DenoFile>> = {
  amd64: {
    platform: "manylinux_2_27_x86_64",
    sha256: "8570c9cdebe936ba744e12a6d329e0a17ea505b4e5f89b654473a2efc2d2e3ba",
  },
  arm64: {
    platform: "manylinux_2_27_aarch64",
    sha256: "f398f4b98c74634e56b56f8229bef5daeca02107f9dcd036ff99dbf28bc1b07e",
  },
};

/** The path of Deno's binary for Linux. It is the Deno that runs this, where that is the same file; else PyPI's. */
export async function denoBinary(architecture: Architecture, signal?: AbortSignal): Promise<string> {
  const { platform, sha256 } = DENO_FILES[architecture];
  if (await fileDigest(Deno.execPath()) === sha256) return Deno.execPath();
  const directory = await cachedDirectory(nameOf(architecture), DENO_VERSION, async (directory) => {
    const file = `deno-${DENO_VERSION}.data/scripts/deno`;
    const binary = join(directory, "deno");
    await step(
      `Downloading Deno ${DENO_VERSION} for ${architecture} from PyPI`,
      () => takeFromWheel(`deno==${DENO_VERSION}`, file, binary, signal, platform),
    );
    await requireDigest(binary, sha256);
    await Deno.chmod(binary, 0o755);
  }, { signal });
  return join(directory, "deno");
}

/** What `denoBinary` needs now. */
export async function denoNeeds(architecture: Architecture): Promise<readonly RequiredTool[]> {
  if (isCached(nameOf(architecture), DENO_VERSION)) return [];
  if (await fileDigest(Deno.execPath()) === DENO_FILES[architecture].sha256) return [];
  return [{ tool: "pip", purpose: "to download Deno" }];
}

function nameOf(architecture: Architecture): string {
  return `deno-${architecture}`;
}

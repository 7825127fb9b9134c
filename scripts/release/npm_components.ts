import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { npmFile } from "../packages/npm_package.ts";
import type { SoftwareComponent } from "./image_components.ts";

/** What deno.lock has of packages. */
type LockedPackages = Readonly<Record<string, { readonly integrity: string }>>;

const lockFile = fileURLToPath(new URL("../../deno.lock", import.meta.url));

/** @param names `NAME@VERSION`, of packages that deno.lock names */
export async function npmComponents(names: readonly string[]): Promise<readonly SoftwareComponent[]> {
  const { npm } = JSON.parse(await Deno.readTextFile(lockFile)) as { npm: LockedPackages };
  return await Promise.all(names.map(async (name) => {
    const at = name.lastIndexOf("@");
    const [path, version] = [name.slice(0, at), name.slice(at + 1)];
    const description = JSON.parse(await npmFile(path, version, "package.json"));
    return npmComponent(path, version, licenceOf(description), integrityOf(name, npm));
  }));
}

/** @param integrity as deno.lock has it: `sha512-BASE64` */
export function npmComponent(
  path: string,
  version: string,
  licence: string | undefined,
  integrity: string,
): SoftwareComponent {
  const [group, name] = path.startsWith("@") ? path.split("/") as [string, string] : [undefined, path];
  const purl = `pkg:npm/${group === undefined ? "" : `${encodeURIComponent(group)}/`}${name}@${version}`;
  const hex = Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
  return {
    kind: "library",
    name,
    ...group !== undefined && { group },
    version,
    purl,
    ...licence !== undefined && { licence },
    hash: { algorithm: "SHA-512", hex },
  };
}

/** The member `license` of a package.json, also as old packages write it. */
export function licenceOf(description: {
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}): string | undefined {
  const { license, licenses } = description;
  if (typeof license === "string") return license;
  if (license?.type !== undefined) return license.type;
  const types = (licenses ?? []).flatMap(({ type }) => type ?? []);
  return types.length === 0 ? undefined : types.join(" OR ");
}

/** deno.lock adds to a package's name what it is resolved beside: `NAME@VERSION_PEER@VERSION`. */
export function integrityOf(name: string, packages: LockedPackages): string {
  const key = Object.keys(packages).find((key) => key === name || key.startsWith(`${name}_`));
  if (key === undefined) throw new Error(`deno.lock has no ${name}`);
  return packages[key]!.integrity;
}

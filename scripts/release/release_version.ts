/** Whether the repository is ready for a version. */
import { changelogSections } from "./changelog.ts";

/** https://semver.org, without build metadata: an image's tag cannot have a `+`. */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?$/;

/** What says a version in the repository. */
export interface VersionSources {
  /** Text of CHANGELOG.md. */
  readonly changelog: string;
  /** VERSION of sidecar/version.ts. */
  readonly constant: string;
  /** Texts that name the project's images, by path. */
  readonly manifests: ReadonlyMap<string, string>;
}

/** Why a version cannot be released: a sentence each. */
export function versionProblems(
  version: string,
  { changelog, constant, manifests }: VersionSources,
): readonly string[] {
  if (!SEMVER.test(version)) {
    return [`${version} is no version: write MAJOR.MINOR.PATCH, or MAJOR.MINOR.PATCH-PRERELEASE, such as 1.2.3.`];
  }
  const problems: string[] = [];
  const section = changelogSections(changelog).find(({ version }) => version !== "Unreleased");
  if (section?.version !== version) {
    problems.push(
      `The newest version in CHANGELOG.md is ${section?.version ?? "missing"}: add a section for ${version}.`,
    );
  } else if (section.date === undefined) {
    problems.push(`CHANGELOG.md has no date for ${version}: write \`## [${version}] - YYYY-MM-DD\`.`);
  } else if (section.text === "") problems.push(`CHANGELOG.md says nothing of ${version}.`);
  if (constant !== version) problems.push(`VERSION in sidecar/version.ts is ${constant}: set it to ${version}.`);
  for (const [path, text] of manifests) {
    const others = new Set(imageTags(text).filter((tag) => tag !== `v${version}`));
    if (others.size > 0) problems.push(`${path} names images of ${[...others].join(" and ")}: name v${version}.`);
  }
  return problems;
}

/** Why an image, as REPOSITORY@DIGEST, would pin nothing. @param manifests texts by path */
export function pinProblems(image: string | undefined, manifests: VersionSources["manifests"]): readonly string[] {
  const repository = image?.split("@")[0];
  if (repository === undefined) return [];
  const named = [...manifests.values()].some((text) => text.includes(`image: ${repository}:`));
  return named ? [] : [`No manifest has an image ${repository}: give the digest of the one that it names.`];
}

/** The tags by which a manifest, or an example of a kustomization, names the project's images. */
function imageTags(text: string): readonly string[] {
  const references = text.matchAll(/(?:\/view-gateway-[a-z-]+:|newTag: )(v\d[\w.-]*)/g);
  return [...references].map(([, tag]) => tag!);
}

/** Reads CHANGELOG.md, whose format is that of https://keepachangelog.com/en/1.1.0/. */

/** What the changelog has of one version. */
export interface ChangelogSection {
  readonly version: string;
  /** `YYYY-MM-DD`; undefined where it is not released. */
  readonly date: string | undefined;
  readonly text: string;
}

const HEADING = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/;

/** The sections of a changelog, in its order: the newest comes first. */
export function changelogSections(changelog: string): readonly ChangelogSection[] {
  const lines = changelog.split("\n");
  const starts = lines.flatMap((line, index) => HEADING.test(line) ? [index] : []);
  return starts.map((start, index) => {
    const [, version, date] = HEADING.exec(lines[start]!)!;
    return { version: version!, date, text: lines.slice(start + 1, starts[index + 1]).join("\n").trim() };
  });
}

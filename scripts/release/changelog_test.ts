import { deepEqual } from "node:assert/strict";
import { changelogSections } from "./changelog.ts";

Deno.test("a changelog's sections are found with their versions, dates and texts", () => {
  const changelog = `# Changelog

## [Unreleased]

## [0.2.0] - 2026-11-28

### Added

- A thing.

## [0.1.0] - 2026-01-02

The first.
`;
  deepEqual(changelogSections(changelog), [
    { version: "Unreleased", date: undefined, text: "" },
    { version: "0.2.0", date: "2026-11-28", text: "### Added\n\n- A thing." },
    { version: "0.1.0", date: "2026-01-02", text: "The first." },
  ]);
});

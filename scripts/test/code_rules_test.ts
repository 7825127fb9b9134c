/** Rules for all code that a reader can count on: names, lengths, and which folder imports which. */
import { fail } from "node:assert/strict";
import { importsIn } from "../../sidecar/testing/import_graph.ts";
import { codeFiles, hasGit, isTest, REPOSITORY } from "./code_files.ts";
import { type Definitions, definitionsIn } from "./syntax.ts";

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 60;

/** JSON Schemas are data. */
const DATA = /^types\/src\//;

/** Folders within which an exported name stands for one thing. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  "the gateway and its tools": /^(sidecar|scripts|gateway|test\/(bench|envoy|issuer|lake|otlp))\//,
  "the stories": /^test\/e2e\//,
  "the example": /^example\//,
};

/** Folders that the code of each folder may not import, and those that its tests may not import. */
const FORBIDDEN: Readonly<Record<string, { readonly code: readonly string[]; readonly tests: readonly string[] }>> = {
  types: { code: ["sidecar", "scripts", "test", "example", "gateway"], tests: ["test", "example", "gateway"] },
  sidecar: { code: ["scripts", "test", "example", "gateway"], tests: ["example", "gateway"] },
  example: { code: ["sidecar", "scripts", "test", "gateway"], tests: ["scripts", "test", "gateway"] },
  scripts: { code: ["test", "gateway"], tests: ["test", "gateway"] },
};

interface CodeFile extends Definitions {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const files: readonly CodeFile[] = hasGit ? await readAll() : [];

async function readAll(): Promise<readonly CodeFile[]> {
  const paths = (await codeFiles()).filter((path) => !path.startsWith("sidecar/gen/"));
  return await Promise.all(paths.map(async (path) => {
    const text = await Deno.readTextFile(`${REPOSITORY}/${path}`);
    const lines = text.trimEnd().split("\n").length;
    return { path, lines, imports: importsIn(text, path), ...definitionsIn(path, text) };
  }));
}

/** Fails with all that is found. */
function none(found: readonly string[]): void {
  if (found.length > 0) fail(found.join("\n"));
}

for (const [name, folders] of Object.entries(PACKAGES)) {
  Deno.test({ name: `each exported name stands for one thing in ${name}`, ignore: !hasGit }, () => {
    const found = new Map<string, string[]>();
    for (const { path, exports } of files) {
      if (!folders.test(path)) continue;
      for (const name of exports) found.set(name, [...found.get(name) ?? [], path]);
    }
    const twice = [...found].filter(([, paths]) => paths.length > 1);
    none(twice.map(([name, paths]) => `${name}: ${paths.join(", ")}`));
  });
}

Deno.test({ name: `no file has more than ${MAX_FILE_LINES} lines`, ignore: !hasGit }, () => {
  const long = files.filter(({ path, lines }) => lines > MAX_FILE_LINES && !DATA.test(path));
  none(long.map(({ path, lines }) => `${path}: ${lines}`));
});

Deno.test({ name: `no function outside of tests has more than ${MAX_FUNCTION_LINES} lines`, ignore: !hasGit }, () => {
  const long = files.filter(({ path }) => !isTest(path) && !path.startsWith("test/e2e/")).flatMap((
    { path, functions },
  ) =>
    functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES).map(({ name, lines }) => ({
      id: `${path} ${name}`,
      lines,
    }))
  );
  none(long.map(({ id, lines }) => `${id}: ${lines}`));
});

Deno.test({ name: "no constructor of the sidecar starts a timer, a server or a call", ignore: !hasGit }, () => {
  const effect =
    /\bset(Timeout|Interval)\(|\bDeno\.(listen|serve|connect|open)|\bfetch\(|\bawait\b|\.(run|start|listen)\(/;
  const found = files.filter(({ path, constructors }) =>
    path.startsWith("sidecar/") && !isTest(path) && constructors.some((text) => effect.test(text))
  );
  none(found.map(({ path }) => path));
});

Deno.test({ name: "folders import each other one way", ignore: !hasGit }, () => {
  const found = files.flatMap(({ path, imports }) => {
    const forbidden = FORBIDDEN[path.split("/")[0]!]?.[isTest(path) ? "tests" : "code"] ?? [];
    const modules = imports.filter((file) => !file.endsWith(".json"));
    return modules.filter((file) => forbidden.includes(file.split("/")[0]!)).map((file) => `${path} → ${file}`);
  });
  none(found);
});

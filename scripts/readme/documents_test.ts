import { deepEqual } from "node:assert/strict";
import { marked, type Tokens } from "marked";
import configuration from "../../deno.json" with { type: "json" };
import { hasTest, linkedTests } from "./linked_tests.ts";
import { brokenReferences, documentReferences } from "./references.ts";
import { WALKED, walkSteps } from "./walk_steps.ts";

const root = new URL("../../", import.meta.url);

/** What is not of the project, or is made by it. */
const LEFT_OUT = new Set([".git", "target", "node_modules"]);

/** Names of Deno and of Linux. */
const FOREIGN_VARIABLES = ["DENO_CERT", "TCP_WINDOW_CLAMP"];

const files = await filesBelow("");
const documents = new Map(
  await Promise.all(
    files.filter((file) => /^(README|CONTRIBUTING|CHANGELOG|SECURITY|docs\/.*)\.md$/.test(file)).map(async (file) =>
      [file, await Deno.readTextFile(new URL(file, root))] as const
    ),
  ),
);

Deno.test("each link, task, path and variable that the documents name exists", async () => {
  const repository = {
    tasks: new Set(Object.keys(configuration.tasks)),
    files: new Set(files),
    variables: await variables(),
  };
  deepEqual(brokenReferences(documents, repository), []);
});

Deno.test("each test that the documents link to exists under the name that they give", async () => {
  const linked = [...documents].flatMap(([path, markdown]) => linkedTests(path, markdown));
  const texts = new Map(
    await Promise.all(
      [...new Set(linked.map(({ file }) => file))].filter((file) => files.includes(file)).map(
        async (file) => [file, await Deno.readTextFile(new URL(file, root))] as const,
      ),
    ),
  );
  deepEqual(linked.filter(({ file, name }) => name !== undefined && !hasTest(texts.get(file) ?? "", name)), []);
});

Deno.test("each block of the documents that test:readme walks is one that a reader can follow", () => {
  // This throws where one is not.
  for (const document of WALKED) walkSteps(documents.get(document)!, "localhost:8080");
});

Deno.test("CONTRIBUTING has each task", () => {
  const named = new Set(documentReferences(documents.get("CONTRIBUTING.md")!, new Set()).tasks);
  deepEqual(Object.keys(configuration.tasks).filter((task) => !named.has(task)), []);
});

Deno.test("ARCHITECTURE has each folder of the sidecar", () => {
  const tables = marked.lexer(documents.get("docs/ARCHITECTURE.md")!).filter((token): token is Tokens.Table =>
    token.type === "table"
  );
  const text = tables.map(({ raw }) => raw).join("\n");
  const folders = new Set(files.flatMap((file) => /^sidecar\/(?!gen|testing)[^/]+\//.exec(file)?.[0] ?? []));
  deepEqual(Array.from(folders).filter((folder) => !text.includes(`\`${folder}\``)), []);
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (LEFT_OUT.has(name)) continue;
    if (isDirectory) found.push(...await filesBelow(`${folder}${name}/`));
    else found.push(`${folder}${name}`);
  }
  return found;
}

/** Names like `HOLD_SECONDS` in the files that are no documents. */
async function variables(): Promise<ReadonlySet<string>> {
  const code = files.filter((file) =>
    /\.(ts|js|go|yaml|json)$|Dockerfile$/.test(file) && !file.startsWith("sidecar/gen/")
  );
  const texts = await Promise.all(code.map((file) => Deno.readTextFile(new URL(file, root))));
  return new Set([
    ...FOREIGN_VARIABLES,
    ...texts.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []),
  ]);
}

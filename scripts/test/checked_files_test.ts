import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import tests from "../../test/e2e/tsconfig.json" with { type: "json" };
import { codeFiles, hasGit, REPOSITORY } from "./code_files.ts";

const isIn = (path: string, directory: string) => path.startsWith(`${directory}/`);
const ignore = !hasGit;

Deno.test({ name: "deno lint looks at all code that is not generated", ignore }, async () => {
  const files = await codeFiles();
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["lint"],
    cwd: REPOSITORY,
    env: { NO_COLOR: "1" },
  })
    .output();
  assert.match(new TextDecoder().decode(stderr), new RegExp(`^Checked ${files.length} files$`, "m"));
});

Deno.test({ name: "deno fmt is kept from no code that is not generated", ignore }, async () => {
  const excluded = [...config.exclude, ...config.fmt.exclude];
  assert.deepEqual((await codeFiles()).filter((path) => excluded.some((directory) => isIn(path, directory))), []);
});

Deno.test(
  { name: "each file of TypeScript has its types checked, by Deno or in the package of the stories", ignore },
  async () => {
    const [, directories] = /^deno check (.+)$/.exec(config.tasks.check.command) ?? [];
    assert.ok(directories);
    const byDeno = (path: string) => directories.split(" ").some((directory) => isIn(path, directory));
    const byTheirs = (path: string) =>
      tests.include.some((pattern) =>
        pattern === "*.ts" ? /^test\/e2e\/[^/]+\.ts$/.test(path) : isIn(path, `test/e2e/${pattern}`)
      );
    // JavaScript is read by TypeScript where that imports it.
    const files = (await codeFiles()).filter((path) => /\.[cm]?tsx?$/.test(path));
    assert.deepEqual(files.filter((path) => !byDeno(path) && !byTheirs(path)), []);
  },
);

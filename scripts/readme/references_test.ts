import { deepEqual } from "node:assert/strict";
import { brokenReferences, type Repository } from "./references.ts";

const repository: Repository = {
  tasks: new Set(["demo", "demo:down", "test"]),
  files: new Set([
    "README.md",
    "docs/LAKE.md",
    "docs/pictures/view.png",
    "sidecar/gate/gate.ts",
    "sidecar/app/a_test.ts",
  ]),
  variables: new Set(["HOLD_SECONDS"]),
};

const sound = `# Title

[the lake](docs/LAKE.md), [its limits](docs/LAKE.md#limits-of-the-lake_), [here](#title), [there](https://example.com/x.md)
![a view](docs/pictures/view.png)

\`sidecar/gate/gate.ts\`, \`sidecar/gate/\`, \`sidecar/app/*_test.ts\`, \`/_lake/\`, \`application/json\`, \`x.ts\`,
\`HOLD_SECONDS=5\`, \`GET\`, \`deno task NAME\`

| task        | what it does |
| ----------- | ------------ |
| \`test [A]\` | tests        |

\`\`\`sh
npx -y deno@2.9.3 task demo:down
\`\`\`
`;

function broken(markdown: string): readonly string[] {
  return brokenReferences(
    new Map([["README.md", markdown], ["docs/LAKE.md", "# The lake\n\n## Limits of `the` lake_\n"]]),
    repository,
  );
}

Deno.test("what a document refers to may be there", () => {
  deepEqual(broken(sound), []);
});

for (
  const [absent, markdown] of [
    ["docs/SEA.md", "[the sea](docs/SEA.md)"],
    ["docs/LAKE.md#depth", "[depth](docs/LAKE.md#depth)"],
    ["#depth", "[depth](#depth)"],
    ["docs/pictures/sea.png", "![the sea](docs/pictures/sea.png)"],
    ["deno task demo:up", "Run `deno task demo:up`."],
    ["deno task walk", "| task |\n| --- |\n| `walk` |\n"],
    ["sidecar/gate/door.ts", "In `sidecar/gate/door.ts`."],
    ["gate/door.ts", "In `gate/door.ts`."],
    ["sidecar/door/", "In `sidecar/door/`."],
    ["sidecar/gate/*_test.ts", "In `sidecar/gate/*_test.ts`."],
    ["HOLD_MINUTES", "Set `HOLD_MINUTES=2`."],
  ] as const
) {
  Deno.test(`a document that refers to ${absent} is found`, () => {
    deepEqual(broken(markdown), [`README.md refers to ${absent}, which does not exist`]);
  });
}

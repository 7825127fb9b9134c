import { deepEqual } from "node:assert/strict";
import { codeBlocks } from "./code_blocks.ts";

const markdown = `# Title

\`\`\`sh
first

second
\`\`\`

\`not a block\`

    indented

\`\`\`
no language
\`\`\`
`;

Deno.test("fenced blocks are found with their language and line", () => {
  deepEqual(codeBlocks(markdown), [
    { language: "sh", text: "first\n\nsecond", line: 4 },
    { language: "", text: "no language", line: 14 },
  ]);
});

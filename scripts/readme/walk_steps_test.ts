import { deepEqual, match, throws } from "node:assert/strict";
import { walkSteps } from "./walk_steps.ts";

const host = "localhost:8080";

Deno.test("commands and the pages behind them follow each other as in the text", () => {
  const markdown = `Before, at http://localhost:8080/early, there is nothing.

\`\`\`
a picture
\`\`\`

\`\`\`sh
task demo   # then http://hello.localhost:8080/ is there
\`\`\`

Open <http://hello.localhost:8080/> and \`http://localhost:8080/views?phase=awake\`; not https://example.com/.

\`\`\`sh
task demo:down
\`\`\`
`;
  deepEqual(walkSteps(markdown, host), [
    { kind: "run", script: "task demo   # then http://hello.localhost:8080/ is there", line: 8 },
    { kind: "open", url: "http://hello.localhost:8080/", line: 11 },
    { kind: "open", url: "http://localhost:8080/views?phase=awake", line: 11 },
    { kind: "run", script: "task demo:down", line: 14 },
  ]);
});

Deno.test("a kustomization is an overlay to build", () => {
  deepEqual(walkSteps("```yaml\nkind: Kustomization\nresources: [../base]\n```\n", host), [
    { kind: "build overlay", kustomization: "kind: Kustomization\nresources: [../base]", line: 2 },
  ]);
});

Deno.test("a part of a kustomization is an overlay to build with it", () => {
  const part = "components:\n  - ../components/alerts\npatches:\n  - path: a.yaml";
  const [step, ...others] = walkSteps(`\`\`\`yaml\n${part}\n\`\`\`\n`, host);
  deepEqual([step?.kind, others], ["build overlay", []]);
  match(
    step!.kind === "build overlay" ? step!.kustomization : "",
    /kind: Kustomization\n[^]*- \.\.\/views\ncomponents:\n[^]*a\.yaml$/,
  );
});

Deno.test("a block that no reader could follow is a fault of the text", () => {
  throws(() => walkSteps("```yaml\nkind: Service\n```\n", host), /Line 2: nobody can tell/);
  throws(() => walkSteps("```console\n$ task demo\n```\n", host), /this console block/);
});

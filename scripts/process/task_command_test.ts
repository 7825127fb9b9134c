import { equal } from "node:assert/strict";
import { taskCommand } from "./task_command.ts";

Deno.test("a user of npx sees npx, with the version that runs", () => {
  const npx = (name: string) => name === "npm_command" ? "exec" : undefined;
  equal(taskCommand("demo:down", npx), `npx -y deno@${Deno.version.deno} task demo:down`);
});

Deno.test("a user of Deno sees Deno", () => {
  equal(taskCommand("demo:down", () => undefined), "deno task demo:down");
  equal(taskCommand("demo:down", (name) => name === "npm_command" ? "run-script" : undefined), "deno task demo:down");
});

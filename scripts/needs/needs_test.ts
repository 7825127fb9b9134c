import assert from "node:assert/strict";
import { lackText, requireNeeds } from "./needs.ts";

Deno.test("one message names all missing tools, each with its purpose and with what to do", () => {
  const text = lackText("the demo", [
    { tool: "go", purpose: "to build Kubernetes" },
    { tool: "root", purpose: "for a node of its own" },
    { tool: "go", purpose: "to build MinIO" },
    { tool: "go", purpose: "to build Kubernetes" },
  ], "There is no k3d on PATH.");
  assert.equal(
    text,
    `This machine lacks what is needed for the demo:
- Go 1.21 or later (to build Kubernetes, to build MinIO). Install it: https://go.dev/dl.
- root (for a node of its own). Run the command with sudo.
There is no k3d on PATH.`,
  );
});

Deno.test("there is no message if no tool is missing", async () => {
  assert.equal(lackText("the demo", [], "There is no k3d on PATH."), undefined);
  await requireNeeds("the demo", { needs: [] });
});

Deno.test("all tools that are not on PATH are missing", async () => {
  const path = Deno.env.get("PATH")!;
  Deno.env.set("PATH", "/nonexistent");
  try {
    const needs = [{ tool: "go", purpose: "to build it" }, { tool: "npm", purpose: "to install it" }] as const;
    await assert.rejects(requireNeeds("It", { needs }), ({ message }: Error) => {
      assert.match(message, /^- Go .*\n- npm /m);
      return true;
    });
  } finally {
    Deno.env.set("PATH", path);
  }
});

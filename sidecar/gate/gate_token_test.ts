import { equal, match, notEqual } from "node:assert/strict";
import { gateToken } from "./gate_token.ts";

async function inDirectory(use: (directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a sidecar that restarts finds the former token", async () => {
  await inDirectory(async (directory) => {
    const token = await gateToken(directory);
    match(token, /^[A-Za-z0-9_-]{32}$/);
    equal(await gateToken(directory), token);
    equal((await Deno.stat(`${directory}/gate-token`)).mode! & 0o777, 0o600);
  });
});

Deno.test("each pod has its own token, and an invalid token is replaced", async () => {
  await inDirectory(async (directory) => {
    const token = await gateToken(directory);
    await Deno.writeTextFile(`${directory}/gate-token`, "");
    notEqual(await gateToken(directory), token);
  });
});

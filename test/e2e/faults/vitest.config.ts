import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["faults/*.ts"],
    exclude: ["faults/vitest.config.ts"],
    testTimeout: 240_000,
    hookTimeout: 90_000,
    pool: "threads",
    isolate: false,
    // Each fault breaks the gateway that all faults share.
    fileParallelism: false,
    reporters: ["verbose"],
  },
});

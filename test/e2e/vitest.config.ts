import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A story waits for pods; what it does itself costs little.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    pool: "threads",
    isolate: false,
    reporters: ["verbose"],
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["stories/together/*.ts"],
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // These stop a sidecar, or count what all requests have in common.
        extends: true,
        test: {
          name: "alone",
          include: ["stories/alone/*.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // This leaves new gateways behind, which have yet to grow into their memory.
        extends: true,
        test: {
          name: "last",
          include: ["stories/last/*.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

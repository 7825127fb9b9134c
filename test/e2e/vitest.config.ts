import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A story mostly waits for pods.
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
        // These stop a sidecar, or count all requests of a gateway.
        extends: true,
        test: {
          name: "alone",
          include: ["stories/alone/*.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Prometheus scrapes gateways. Each story breaks one part of them, and sends its requests to the others.
        extends: true,
        test: {
          name: "prometheus",
          include: ["stories/prometheus/*.ts"],
          // More at once fill the node with pods.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // This replaces the gateways' pods. Their memory is not comparable afterwards.
        extends: true,
        test: {
          name: "last",
          include: ["stories/last/*.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

import { test } from "vitest";
import { environment } from "../../environment.ts";
import { walkVersions } from "../../upgrade/walk_versions.ts";

test("the last release rolls to this version and back under load, and no client notices", async ({ skip }) => {
  const { direct, upgradeLack } = environment();
  skip(!direct, "It needs the network of the pods.");
  skip(upgradeLack !== undefined, upgradeLack);
  await walkVersions({
    name: "upgraded",
    versions: ["former", "this", "former"],
    pauses: 1,
    clients: { warm: 2, wakes: 1, sockets: 1, pace: 50 },
    alone: 3_000,
  });
}, 600_000);

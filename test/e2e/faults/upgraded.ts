import { test } from "vitest";
import { environment } from "../environment.ts";
import { walkVersions } from "../upgrade/walk_versions.ts";

test(
  "the last release rolls to this version, back and forward again under load, and no client notices",
  async ({ skip }) => {
    const { upgradeLack } = environment();
    skip(upgradeLack !== undefined, upgradeLack);
    await walkVersions({
      name: "upgraded",
      versions: ["former", "this", "former", "this"],
      pauses: 3,
      clients: { warm: 3, wakes: 2, sockets: 3, pace: 20 },
      alone: 10_000,
    });
  },
  900_000,
);

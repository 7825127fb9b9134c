import { equal } from "node:assert/strict";
import { isOnThisMachine } from "./docker_client.ts";

Deno.test("a daemon is on this machine where the ports that it publishes are", () => {
  for (
    const [daemon, expected] of [
      ["unix:///var/run/docker.sock", true],
      ["npipe:////./pipe/docker_engine", true],
      ["tcp://127.0.0.1:2375", true],
      ["tcp://localhost:2375", true],
      ["tcp://[::1]:2375", true],
      ["tcp://192.0.2.7:2376", false],
      ["tcp://localhost.example.com:2375", false],
      ["ssh://me@example.com", false],
      ["", false],
    ] as const
  ) equal(isOnThisMachine(daemon), expected, daemon);
});

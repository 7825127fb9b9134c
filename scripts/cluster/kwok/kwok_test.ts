import { equal } from "node:assert/strict";
import { describeSource } from "./kwok.ts";

Deno.test("one line says which way is taken, and why", () => {
  equal(
    describeSource({ daemon: "unix:///var/run/docker.sock" }),
    "a container of registry.k8s.io/kwok/cluster:v0.7.0-k8s.v1.33.0 (Docker at unix:///var/run/docker.sock)",
  );
  equal(
    describeSource({ lacking: "no Docker daemon answers at unix:///nonexistent" }),
    "from binaries: no Docker daemon answers at unix:///nonexistent",
  );
});

import { equal } from "node:assert/strict";
import { fullReference } from "./image_reference.ts";

Deno.test("a reference is completed as containerd does it", () => {
  equal(fullReference("busybox:1"), "docker.io/library/busybox:1");
  equal(fullReference("rancher/k3s:v1"), "docker.io/rancher/k3s:v1");
  equal(fullReference("ghcr.io/yolean/envoy:1"), "ghcr.io/yolean/envoy:1");
  equal(fullReference("localhost/a:1"), "localhost/a:1");
  equal(fullReference("localhost:5000/a:1"), "localhost:5000/a:1");
});

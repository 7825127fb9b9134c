import { deepEqual, equal } from "node:assert/strict";
import { fullReference, missingFrom } from "./image_reference.ts";

Deno.test("a reference is completed as containerd does it", () => {
  equal(fullReference("busybox:1"), "docker.io/library/busybox:1");
  equal(fullReference("rancher/k3s:v1"), "docker.io/rancher/k3s:v1");
  equal(fullReference("ghcr.io/yolean/envoy:1"), "ghcr.io/yolean/envoy:1");
  equal(fullReference("localhost/a:1"), "localhost/a:1");
  equal(fullReference("localhost:5000/a:1"), "localhost:5000/a:1");
});

Deno.test("what a list of images does not have is missing, though it has another tag of it", () => {
  const list = "ghcr.io/a:1\nsha256:0123\r\nghcr.io/b:12\n";
  deepEqual(missingFrom(list, ["ghcr.io/a:1", "ghcr.io/b:12"]), []);
  deepEqual(missingFrom(list, ["ghcr.io/b:1", "ghcr.io/a:1", "ghcr.io/c:1"]), ["ghcr.io/b:1", "ghcr.io/c:1"]);
  deepEqual(missingFrom("", ["ghcr.io/a:1"]), ["ghcr.io/a:1"]);
});

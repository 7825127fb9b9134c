import assert from "node:assert/strict";
import { freeNetwork } from "./free_network.ts";

Deno.test("a bridge gets a network that no route leads to", () => {
  assert.equal(freeNetwork(["default", "10.0.0.0/8", "172.17.0.0/16"]), "198.19.0");
  assert.equal(freeNetwork(["default", "198.19.0.0/24", "198.19.2.0/24", "198.19.10.1"]), "198.19.1");
});

Deno.test("where all are taken, it says so", () => {
  const routes = Array.from({ length: 256 }, (_, index) => `198.19.${index}.0/24`);
  assert.throws(() => freeNetwork(routes), { message: "No network of 198.19.0.0/16 is free." });
});

import { equal } from "node:assert/strict";
import { probedHost } from "./probed_host.ts";

Deno.test("an address of IPv6 stands in brackets before its port", () => {
  equal(probedHost({ address: "10.0.0.1", port: 8080 }), "10.0.0.1:8080");
  equal(probedHost({ address: "fd00::1", port: 8080 }), "[fd00::1]:8080");
});

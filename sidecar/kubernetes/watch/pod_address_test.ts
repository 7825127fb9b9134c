import { deepEqual } from "node:assert/strict";
import { isPodAddress } from "./pod_address.ts";

Deno.test("a pod has an address of whatever range a cluster uses", () => {
  const addresses = [
    "10.0.0.1",
    "172.17.0.9",
    "100.64.0.1",
    "203.0.113.7",
    "fd00::1",
    "2001:db8::7",
    "::ffff:10.0.0.1",
  ];
  deepEqual(addresses.filter((address) => !isPodAddress(address)), []);
});

Deno.test("no pod has an address of the gateway itself, of its node's link, or none", () => {
  const addresses = [
    ...["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
    ...["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0", "224.0.0.1", "ff02::1"],
    ...["0.0.0.0", "::", "::ffff:0.0.0.0", "", "localhost", "10.0.0", "010.0.0.1", "10.0.0.1:80"],
  ];
  deepEqual(addresses.filter(isPodAddress), []);
});

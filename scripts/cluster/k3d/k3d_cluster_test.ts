import { deepEqual, equal } from "node:assert/strict";
import { findCluster, forwardedTo, type K3dCluster, podNodes } from "./k3d_cluster.ts";

/** As k3d 5.9 says it, without what is not looked at. */
const ours: K3dCluster = {
  name: "view-gateway",
  nodes: [
    {
      name: "k3d-view-gateway-serverlb",
      role: "loadbalancer",
      portMappings: {
        "6443": [{ HostIp: "127.0.0.1", HostPort: "41001" }],
        "31234": [{ HostIp: "127.0.0.1", HostPort: "8080" }, { HostIp: "", HostPort: "9090" }],
        "80": null,
      },
    },
    { name: "k3d-view-gateway-server-0", role: "server" },
    { name: "k3d-view-gateway-agent-0", role: "agent", portMappings: null },
    { name: "k3d-view-gateway-tools", role: "noRole" },
  ],
};

Deno.test("a cluster is found by its whole name", () => {
  equal(findCluster([{ name: "view-gateway-2" }, ours], "view-gateway"), ours);
  equal(findCluster([{ name: "view-gateway-2" }], "view-gateway"), undefined);
  equal(findCluster(null, "view-gateway"), undefined);
});

Deno.test("images go to the nodes that run pods", () => {
  deepEqual(podNodes(ours), ["k3d-view-gateway-server-0", "k3d-view-gateway-agent-0"]);
});

Deno.test("a port of this machine is known by its address, or by that of all", () => {
  equal(forwardedTo(ours, "127.0.0.1:8080"), 31234);
  equal(forwardedTo(ours, "127.0.0.1:9090"), 31234);
  equal(forwardedTo(ours, "127.0.0.1:80"), undefined);
  equal(forwardedTo(ours, "127.0.0.2:8080"), undefined);
  equal(forwardedTo({ name: "view-gateway", nodes: null }, "127.0.0.1:8080"), undefined);
});

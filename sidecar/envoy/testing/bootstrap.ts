import { parse } from "yaml";

/** gateway/base/envoy.yaml, with its sockets in a directory of the test and any free port. */
export async function envoyBootstrap(socketDirectory: string): Promise<Record<string, unknown>> {
  const text = await Deno.readTextFile(new URL("../../../gateway/base/envoy.yaml", import.meta.url));
  const moved = text
    .replaceAll("/run/view-gateway/", `${socketDirectory}/`)
    .replaceAll("{ address: 127.0.0.1, port_value: 9901 }", "{ address: 127.0.0.1, port_value: 0 }")
    .replaceAll("{ address: 0.0.0.0, port_value: 8081 }", "{ address: 127.0.0.1, port_value: 0 }");
  const bootstrap = parse(moved, { merge: true });
  // The test's Envoy has its admin interface on a socket of its own: see EnvoyProcess.
  for (const cluster of bootstrap.static_resources.clusters) {
    if (cluster.name !== "envoy_admin") continue;
    cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address = {
      pipe: { path: `${socketDirectory}/admin.sock` },
    };
  }
  return { ...bootstrap, node: { id: "test", cluster: "view-gateway" } };
}

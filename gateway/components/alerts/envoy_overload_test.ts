import { equal, match } from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { sendRequest } from "../../../sidecar/envoy/testing/http_client.ts";
import { EnvoyProcess } from "../../../test/envoy/envoy_process.ts";

const TYPES = "type.googleapis.com/envoy.extensions";
const MANAGER = "envoy.filters.network.http_connection_manager";

/** A listener that answers everything by itself. */
const listener = {
  name: "public",
  address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
  filter_chains: [{
    filters: [{
      name: MANAGER,
      typed_config: {
        "@type": `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
        stat_prefix: "public",
        http_filters: [{
          name: "envoy.filters.http.router",
          typed_config: { "@type": `${TYPES}.filters.http.router.v3.Router` },
        }],
        route_config: {
          virtual_hosts: [{
            name: "all",
            domains: ["*"],
            routes: [{ match: { prefix: "/" }, direct_response: { status: 200 } }],
          }],
        },
      },
    }],
  }],
};

/** An Envoy with this monitor of a resource. */
function overloadable(name: string, monitor: object): Promise<EnvoyProcess> {
  const resource = `envoy.resource_monitors.${name}`;
  const triggers = [{ name: resource, threshold: { value: 0.95 } }];
  const bootstrap = {
    static_resources: { listeners: [listener] },
    overload_manager: {
      refresh_interval: "0.05s",
      resource_monitors: [{ name: resource, typed_config: monitor }],
      ...name === "injected_resource" &&
        { actions: [{ name: "envoy.overload_actions.stop_accepting_requests", triggers }] },
    },
  };
  return EnvoyProcess.start({ bootstrap });
}

/** The value of a series of Envoy's listener. */
async function counted(envoy: EnvoyProcess, name: string, label: string): Promise<number> {
  const lines = (await envoy.admin("/stats/prometheus")).split("\n");
  return Number(lines.find((line) => line.startsWith(`${name}{${label}} `))?.split(" ")[1]);
}

Deno.test("Envoy counts the requests that it refuses under pressure, as ViewGatewayEnvoyOverloaded asks", async () => {
  await using directory = await temporaryDirectory({ prefix: "overload-" });
  const file = join(directory.path, "pressure");
  await Deno.writeTextFile(file, "0.5");
  await using envoy = await overloadable("injected_resource", {
    "@type": `${TYPES}.resource_monitors.injected_resource.v3.InjectedResourceConfig`,
    filename: file,
  });
  await envoy.ready();
  const port = await envoy.port("public");
  const refusals = () =>
    counted(envoy, "envoy_http_downstream_rq_overload_close", 'envoy_http_conn_manager_prefix="public"');
  equal((await sendRequest({ host: "localhost", port })).status, 200);
  equal(await refusals(), 0);
  // Envoy sees a file that takes the place of another.
  await Deno.writeTextFile(`${file}-1`, "0.97");
  await Deno.rename(`${file}-1`, file);
  await envoy.until("it refuses requests", async () => (await sendRequest({ host: "localhost", port })).status === 503);
  equal(await refusals() > 0, true);
  match(await envoy.admin("/stats/prometheus"), /stop_accepting_requests_active\{\} 1$/m);
});

Deno.test("Envoy counts the connections that it refuses, as ViewGatewayEnvoyOverloaded asks", async () => {
  await using envoy = await overloadable("global_downstream_max_connections", {
    "@type": `${TYPES}.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`,
    max_active_downstream_connections: 1,
  });
  await envoy.ready();
  const port = await envoy.port("public");
  const refusals = () =>
    counted(envoy, "envoy_listener_downstream_global_cx_overflow", 'envoy_listener_address="127.0.0.1_0"');
  equal(await refusals(), 0);
  using _first = await Deno.connect({ hostname: "127.0.0.1", port });
  using _second = await Deno.connect({ hostname: "127.0.0.1", port });
  await envoy.until("the second is refused", async () => await refusals() === 1);
});

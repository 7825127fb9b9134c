import assert from "node:assert/strict";
import { EnvoyProcess } from "./envoy_process.ts";

Deno.test("given a static listener, Envoy serves it on a free port and its admin tells of it", async () => {
  await using envoy = await EnvoyProcess.start({ bootstrap: greeting });
  await envoy.ready();
  const response = await fetch(`http://127.0.0.1:${await envoy.port("hello")}/`);
  assert.equal(await response.text(), "hello");
  assert.equal(await envoy.stat("http.hello.downstream_rq_completed"), 1);
  assert.deepEqual(await envoy.clusters(), {
    somewhere: [{ address: "127.0.0.1:9", health: "HEALTHY", priority: 0 }],
  });
  assert.ok((await envoy.configDump()).configs.length > 0);
});

Deno.test("two Envoys run beside each other", async () => {
  const [a, b] = await Promise.all([1, 2].map(() => EnvoyProcess.start({ bootstrap: greeting })));
  try {
    assert.notEqual(await a!.port("hello"), await b!.port("hello"));
  } finally {
    await Promise.all([a!.stop(), b!.stop()]);
  }
});

Deno.test("a bootstrap that Envoy refuses is an error with Envoy's own words", async () => {
  const bootstrap = { static_resources: { clusters: [{ nonsense: true }] } };
  await assert.rejects(EnvoyProcess.start({ bootstrap }), /nonsense/);
});

const greeting = {
  static_resources: {
    clusters: [{
      name: "somewhere",
      type: "STATIC",
      load_assignment: {
        cluster_name: "somewhere",
        endpoints: [{
          lb_endpoints: [{ endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: 9 } } } }],
        }],
      },
    }],
    listeners: [{
      name: "hello",
      address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
      filter_chains: [{
        filters: [{
          name: "envoy.filters.network.http_connection_manager",
          typed_config: {
            "@type":
              "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            stat_prefix: "hello",
            route_config: {
              virtual_hosts: [{
                name: "all",
                domains: ["*"],
                routes: [{
                  match: { prefix: "/" },
                  direct_response: { status: 200, body: { inline_string: "hello" } },
                }],
              }],
            },
            http_filters: [{
              name: "envoy.filters.http.router",
              typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
            }],
          },
        }],
      }],
    }],
  },
};

/** A bootstrap for an Envoy that has everything else from a delta ADS server on a unix socket. */
export function adsBootstrap(socket: string, node = "envoy-test"): Record<string, unknown> {
  const ads = { ads: {}, resource_api_version: "V3", initial_fetch_timeout: "0s" };
  return {
    node: { id: node, cluster: "test" },
    dynamic_resources: {
      ads_config: {
        api_type: "DELTA_GRPC",
        transport_api_version: "V3",
        // It takes unified_mux, below: see gateway/base/envoy.yaml.
        set_node_on_first_message_only: true,
        grpc_services: [{
          envoy_grpc: {
            cluster_name: "sidecar_ads",
            retry_policy: { retry_back_off: { base_interval: "0.1s", max_interval: "1s" } },
          },
        }],
      },
      cds_config: ads,
      lds_config: ads,
    },
    layered_runtime: {
      layers: [{ name: "static", static_layer: { "envoy.reloadable_features.unified_mux": true } }],
    },
    static_resources: {
      clusters: [{
        name: "sidecar_ads",
        type: "STATIC",
        typed_extension_protocol_options: {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            explicit_http_config: { http2_protocol_options: {} },
          },
        },
        load_assignment: {
          cluster_name: "sidecar_ads",
          endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socket } } } }] }],
        },
      }],
    },
  };
}

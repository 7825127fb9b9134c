# The sidecar as the binary that `deno task compile` makes; its permissions are compiled in.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM ${BASE}
COPY view-gateway-sidecar /usr/local/bin/view-gateway-sidecar
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/view-gateway-sidecar"]

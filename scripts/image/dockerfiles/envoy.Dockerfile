# Stands for the Envoy image where it cannot be pulled: the same path, user and entry point.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM ${BASE}
COPY envoy /usr/local/bin/envoy
USER 65532:65532
EXPOSE 10000
ENTRYPOINT ["/usr/local/bin/envoy"]
CMD ["-c", "/etc/envoy/envoy.yaml"]

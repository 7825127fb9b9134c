# The sidecar as one JavaScript file, run by Deno. Its ENTRYPOINT, with the permissions, is added by scripts/image/images.ts.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM docker.io/denoland/deno:bin-2.9.3 AS deno

FROM ${BASE}
COPY --from=deno /deno /usr/local/bin/deno
COPY main.js /app/main.js
# Deno keeps compiled code here; /tmp is a volume under the read-only root, and so a restarted container starts faster.
ENV DENO_DIR=/tmp/deno DENO_NO_UPDATE_CHECK=1
USER 65532:65532

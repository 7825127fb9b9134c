import assert from "node:assert/strict";
import { basesOf } from "./image_builder.ts";

Deno.test("the images that a Dockerfile begins from are all that have to be pulled", () => {
  const dockerfile = `ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM docker.io/library/golang:1.26 AS build
RUN go build
FROM build AS tested
FROM docker.io/library/golang:1.26 AS other
FROM \${BASE}
COPY --from=tested /x /x
`;
  assert.deepEqual(basesOf(dockerfile), ["docker.io/library/golang:1.26", "gcr.io/distroless/cc-debian12:nonroot"]);
});

Deno.test("an image from scratch pulls nothing", () => {
  assert.deepEqual(basesOf("FROM scratch\nCOPY . /\n"), []);
});

import { deepEqual, equal, throws } from "node:assert/strict";
import { definitions } from "../image/image_definitions.ts";
import { lastStage } from "./dockerfile.ts";
import { RELEASED } from "./released_images.ts";

Deno.test("of a Dockerfile the last stage counts: what it copies and how the image runs", () => {
  const dockerfile = `ARG BASE=registry.example.com/base
FROM registry.example.com/go AS build
RUN go build

# The image.
FROM \${BASE}
COPY --from=build /deno /usr/bin/deno
COPY app /app
ENV A=1 B=2
USER 65532:65532
WORKDIR /app
EXPOSE 8080
ENTRYPOINT ["/usr/bin/deno", "run"]
CMD ["main.js"]
`;
  deepEqual(lastStage(dockerfile), {
    hasBase: true,
    copies: [
      { stage: "build", from: "/deno", to: "/usr/bin/deno" },
      { stage: undefined, from: "app", to: "/app" },
    ],
    configuration: {
      Env: ["A=1", "B=2"],
      User: "65532:65532",
      WorkingDir: "/app",
      ExposedPorts: { "8080/tcp": {} },
      Entrypoint: ["/usr/bin/deno", "run"],
      Cmd: ["main.js"],
    },
  });
  equal(lastStage("FROM scratch\nCOPY . /\n").hasBase, false);
});

Deno.test("a last stage that runs something is refused", () => {
  throws(() => lastStage("FROM scratch\nRUN true\n"), { message: "The release does not understand: RUN true" });
});

Deno.test("the Dockerfiles of all released images are understood", async () => {
  for (const name of RELEASED) {
    const { copies, configuration } = lastStage(await Deno.readTextFile(definitions[name].dockerfile));
    equal(copies.length > 0, true, name);
    equal(configuration.User, "65532:65532", name);
  }
});

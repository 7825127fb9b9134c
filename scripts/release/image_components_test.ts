import { equal } from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { componentsOf } from "./image_components.ts";

Deno.test("the components of a compiled sidecar are those of its bundle, of the console, Deno and the C library", async () => {
  await using directory = await temporaryDirectory();
  await Deno.mkdir(join(directory.path, "context"));
  const image = { name: "sidecar-compiled", architecture: "amd64", directory: directory.path, hasBase: true } as const;
  const found = new Map((await componentsOf(image)).map((component) => [component.name, component]));
  for (const name of ["grpc-js", "preact", "deno", "libc6"]) equal(found.get(name)?.licence !== undefined, true, name);
  equal(found.get("grpc-js")?.group, "@grpc");
});

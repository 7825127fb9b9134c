import assert from "node:assert/strict";
import { loaderOf } from "./load_image.ts";
import { MissingError } from "../needs/missing_error.ts";

Deno.test("a cluster that takes no image from a file is refused, with what to do instead", () => {
  assert.equal(typeof loaderOf("k3d-mine"), "function");
  assert.equal(typeof loaderOf("kind-mine"), "function");
  for (const context of ["production", "k3d-", "my-k3d-one"]) assert.throws(() => loaderOf(context), MissingError);
});

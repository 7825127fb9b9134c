import { equal } from "node:assert/strict";
import { nearest } from "./closest_word.ts";

const words = ["containers", "initContainers", "image", "env", "envFrom"];

Deno.test("a misspelling is found: letters that change places, are missing, are too many, or have another case", () => {
  for (const written of ["contaniers", "container", "containerss", "Containers"]) {
    equal(nearest(written, words), "containers", written);
  }
  equal(nearest("initcontainers", words), "initContainers");
  equal(nearest("imgae", words), "image");
  equal(nearest("env-from", words), "envFrom");
});

Deno.test("another word is no misspelling, nor is a short one", () => {
  equal(nearest("volumes", words), undefined);
  equal(nearest("eng", words), "env");
  equal(nearest("ab", words), undefined);
  equal(nearest("containers", []), undefined);
});

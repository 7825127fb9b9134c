import { equal } from "node:assert/strict";
import { closestWord } from "./closest_word.ts";

const words = ["containers", "initContainers", "image", "env", "envFrom"];

Deno.test("a misspelling is found: swapped, missing or additional letters, or another case", () => {
  for (const written of ["contaniers", "container", "containerss", "Containers"]) {
    equal(closestWord(written, words), "containers", written);
  }
  equal(closestWord("initcontainers", words), "initContainers");
  equal(closestWord("imgae", words), "image");
  equal(closestWord("env-from", words), "envFrom");
});

Deno.test("another word is no misspelling, nor is a short one", () => {
  equal(closestWord("volumes", words), undefined);
  equal(closestWord("eng", words), "env");
  equal(closestWord("ab", words), undefined);
  equal(closestWord("containers", []), undefined);
});

import { deepEqual, equal } from "node:assert/strict";
import { knownReason, REASONS } from "./reasons.ts";

Deno.test("a reason that nobody has thought of is one of the others", () => {
  deepEqual(["ErrImagePull", "JobBeingDeleted", "SomePlugin", "constructor", ""].map(knownReason), [
    "ErrImagePull",
    "JobBeingDeleted",
    "Other",
    "Other",
    "Other",
  ]);
});

Deno.test("what a user mistypes is the view's, and what no user can change the platform's", () => {
  const owners = (...reasons: string[]) => new Set(reasons.map((reason) => REASONS[reason]));
  deepEqual(owners("InvalidSpec", "InvalidTemplate", "NoLake", "JobNameTaken"), new Set(["view"]));
  deepEqual(owners("ErrImagePull", "FailedCreate", "Unschedulable", "Other"), new Set(["platform"]));
  equal(REASONS.OOMKilled, "view");
});

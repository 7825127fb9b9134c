import { deepEqual, equal } from "node:assert/strict";
import { knownReason, REASONS } from "./reasons.ts";

Deno.test("an unknown reason counts as Other", () => {
  deepEqual(["ErrImagePull", "JobBeingDeleted", "SomePlugin", "constructor", ""].map(knownReason), [
    "ErrImagePull",
    "JobBeingDeleted",
    "Other",
    "Other",
    "Other",
  ]);
});

Deno.test("a user's mistakes are the view's, and all that no user can change is the platform's", () => {
  const owners = (...reasons: string[]) => new Set(reasons.map((reason) => REASONS[reason]));
  deepEqual(owners("InvalidSpec", "InvalidTemplate", "NoLake", "JobNameTaken"), new Set(["view"]));
  deepEqual(owners("ErrImagePull", "FailedCreate", "Unschedulable", "Other"), new Set(["platform"]));
  equal(REASONS.OOMKilled, "view");
});

import { deepEqual, equal, throws } from "node:assert/strict";
import { type ErrorKind, KubernetesError } from "./kubernetes_error.ts";
import { isKind, refusalOf } from "./refusal.ts";

const kinds: Readonly<Record<ErrorKind, "refused" | "unavailable">> = {
  AlreadyExists: "unavailable",
  Conflict: "unavailable",
  NotFound: "refused",
  Gone: "refused",
  Invalid: "refused",
  TestFailed: "refused",
  Forbidden: "refused",
  Unauthorized: "unavailable",
  TooManyRequests: "unavailable",
  Unavailable: "unavailable",
  Timeout: "unavailable",
  Unreachable: "unavailable",
};

Deno.test("a lasting cause is a refusal, any other is unavailability", () => {
  for (const [kind, wanted] of Object.entries(kinds)) {
    equal(refusalOf(new KubernetesError(kind as ErrorKind, "no")).kind, wanted, kind);
  }
  const quota = new KubernetesError("Forbidden", "exceeded quota", { reason: "Forbidden" });
  deepEqual(refusalOf(quota), { kind: "refused", cause: { reason: "Forbidden", message: "exceeded quota" } });
});

Deno.test("an error that is not Kubernetes' is thrown on", () => {
  throws(() => refusalOf(new TypeError("a fault")), /a fault/);
  equal(isKind(new TypeError("a fault"), "NotFound"), false);
  equal(isKind(new KubernetesError("NotFound", ""), "Conflict", "NotFound"), true);
});

import { deepEqual, equal } from "node:assert/strict";
import { errorOfAnswer, errorOfStatus } from "./kubernetes_error.ts";

const status = (change: object) => JSON.stringify({ kind: "Status", ...change });

Deno.test("the status of a response gives the kind of error", () => {
  const kindOf = (code: number, body = "") => errorOfAnswer(code, body, null).kind;
  const kinds = [400, 401, 403, 404, 408, 410, 413, 422, 429, 500, 502, 503, 504].map((code) => [code, kindOf(code)]);
  deepEqual(kinds, [
    [400, "Invalid"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [408, "Unavailable"],
    [410, "Gone"],
    [413, "Invalid"],
    [422, "Invalid"],
    [429, "TooManyRequests"],
    [500, "Unavailable"],
    [502, "Unavailable"],
    [503, "Unavailable"],
    [504, "Unavailable"],
  ]);
  equal(kindOf(409, status({ reason: "AlreadyExists" })), "AlreadyExists");
  equal(kindOf(409, status({ reason: "Conflict" })), "Conflict");
});

Deno.test("a patch that does not apply is no refusal of a policy, though both are 422", () => {
  const kindOf = (message: string) => errorOfAnswer(422, status({ reason: "Invalid", message }), null).kind;
  equal(kindOf("the server rejected our request due to an error in our request"), "TestFailed");
  equal(kindOf('Pod "a" is invalid: metadata.uid: Invalid value: "b": field is immutable'), "TestFailed");
  equal(kindOf('pods "a" is forbidden: ValidatingAdmissionPolicy "b" denied request: no'), "Invalid");
});

Deno.test("the message is that of Kubernetes or a proxy, if there is one", () => {
  const { reason, message } = errorOfAnswer(403, status({ reason: "Forbidden", message: "exceeded quota" }), null);
  deepEqual([reason, message], ["Forbidden", "exceeded quota"]);
  equal(errorOfAnswer(502, " <html>Bad Gateway</html>\n", null).message, "<html>Bad Gateway</html>");
  equal(errorOfAnswer(502, "x".repeat(10_000), null).message.length, 500);
  for (const body of ["", "null", "[]", '"a"', "{"]) {
    equal(errorOfAnswer(503, body, null).kind, "Unavailable", body);
  }
  equal(errorOfAnswer(503, "", null).message, "The API server answered 503.");
});

Deno.test("retryAfter is in milliseconds, from the header or the Status", () => {
  equal(errorOfAnswer(429, "", "3").retryAfter, 3_000);
  equal(errorOfAnswer(429, status({ details: { retryAfterSeconds: 2 } }), null).retryAfter, 2_000);
  equal(errorOfAnswer(429, "", "Wed, 21 Oct 2026 07:28:00 GMT").retryAfter, undefined);
  equal(errorOfAnswer(429, "", null).retryAfter, undefined);
});

Deno.test("an ERROR event of a watch is like an error response", () => {
  const { kind, message } = errorOfStatus({ code: 410, reason: "Expired", message: "too old resource version" });
  deepEqual([kind, message], ["Gone", "too old resource version"]);
  equal(errorOfStatus({}).kind, "Unavailable");
});

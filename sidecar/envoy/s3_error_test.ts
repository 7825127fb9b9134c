import { equal } from "node:assert/strict";
import { problem } from "../http/problem.ts";
import { s3Error } from "./s3_error.ts";

const within = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;

Deno.test("a problem's reason is the code, else its status says it", () => {
  equal(s3Error(problem(404, "a", "None.", { reason: "NoSuchKey" })), within("NoSuchKey", "None."));
  equal(s3Error(problem(403, "a", "No.")), within("AccessDenied", "No."));
  equal(s3Error(problem(502, "a", "No.")), within("InternalError", "No."));
});

Deno.test("what a client has sent stays text", () => {
  equal(
    s3Error(problem(404, "a", "There is no view at <Code>&x;.")),
    within("NotFound", "There is no view at &#60;Code&#62;&#38;x;."),
  );
});

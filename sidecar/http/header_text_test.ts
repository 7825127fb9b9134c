import { equal } from "node:assert/strict";
import { headerOfText, textOfHeader } from "./header_text.ts";

for (const text of ["alice", "Zoë Ångström", "李雷", "🦆", ""]) {
  Deno.test(`the text "${text}" survives in a header`, () => {
    const headers = new Headers({ "x-forwarded-user": headerOfText(text) });
    equal(textOfHeader(headers.get("x-forwarded-user")!), text);
  });
}

Deno.test("ASCII is itself", () =>
  equal(headerOfText("system:serviceaccount:views:ci"), "system:serviceaccount:views:ci"));

Deno.test("bytes that are no UTF-8 do not throw", () => equal(textOfHeader("a\xff"), "a\ufffd"));

import { equal, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Page } from "./document.ts";
import { noticePage } from "./notice_page.ts";
import { failure, type Progress } from "./progress.ts";
import { progressPage } from "./progress_page.ts";

/** Strings of all kinds, and many that mean something to a parser. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(
    fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "&",
      "</script>",
      "<!--",
      "]]>",
      "</main>",
      "&#60;",
      "javascript:",
      "${x}",
      "\\",
      "\n",
      "\r",
      "\0",
      "\u2028",
      "\u202e",
      " onload=",
      "`",
    ),
    { maxLength: 8 },
  ).map((parts) => parts.join("")),
);
const MARKER = "marker";
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/** The text that a parser reads from escaped text; undefined where it would find markup or the end of an attribute. */
function read(escaped: string): string | undefined {
  if (/[<>"']/.test(escaped)) return undefined;
  const left = escaped.replace(/&(amp|lt|gt|quot|#39);/g, "");
  return left.includes("&") ? undefined : escaped.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!);
}

/**
 * Compares a page with the same page for a harmless marker: each marker's place must have the value in escaped form, and
 * everything else must be equal.
 */
function holds(page: (value: string) => Page, value: string, decode: (text: string) => string = (text) => text) {
  const parts = page(MARKER).html.split(MARKER);
  const { html, contentSecurityPolicy } = page(value);
  equal(contentSecurityPolicy, page(MARKER).contentSecurityPolicy);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === 0 ? 0 : html.indexOf(part, at);
    ok(found >= at, "the page's own markup is changed");
    if (i > 0) {
      const said = read(html.slice(at, found));
      ok(said === value || said !== undefined && decode(said) === value, JSON.stringify(html.slice(at, found)));
    }
    at = found + part.length;
  }
  equal(at, html.length);
}

/** In the page's data the value is JSON's text within an attribute's. */
const unquoted = (text: string): string => {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return "\0not JSON";
  }
};

Deno.test("the page shows a cause as text, whatever it says", () => {
  fc.assert(
    fc.property(text, (value) => {
      fc.pre(value !== "");
      holds((message) => progressPage(failure("hello", { reason: "Error", message })), value, unquoted);
      holds((reason) => noticePage({ title: "hello", text: "text", detail: { reason, message: "m" } }), value);
    }),
    { numRuns: 500 },
  );
});

Deno.test("the page shows a host as text, whatever its name", () => {
  fc.assert(
    fc.property(text, (value) => {
      fc.pre(value !== "");
      holds((title) => noticePage({ title, text: "text", refresh: 5 }), value);
      holds((contact) => noticePage({ title: "hello", text: "text", contact: { text: contact } }), value);
      holds((name) => progressPage(failure(name, { reason: "", message: "" })), value, unquoted);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a page has only what its policy allows, and loads nothing else", () => {
  const page = progressPage(failure("hello", { reason: "Error", message: "no" }));
  for (const element of ["style", "script"]) {
    const contents = [...page.html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, "g"))].map(([, text]) =>
      text!
    );
    equal(contents.length, 1, element);
    const hash = createHash("sha256").update(contents[0]!).digest("base64");
    ok(page.contentSecurityPolicy.includes(`${element}-src 'sha256-${hash}'`), element);
  }
  const addresses = [...page.html.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, address]) => address!);
  ok(addresses.every((address) => address === "" || address.startsWith("data:")), addresses.join());
  ok(!/ on[a-z]+=| style=/.test(page.html.replace(/<(script|style)>[^]*?<\/\1>/g, "")));
  ok(!/unsafe|\*/.test(page.contentSecurityPolicy));
});

Deno.test("a page without a script may run none", () => {
  const page = noticePage({ title: "hello", text: "no", refresh: 5 });
  ok(!/script/.test(page.contentSecurityPolicy));
  ok(!/<script/.test(page.html));
  ok(/<meta http-equiv="refresh" content="5">/.test(page.html));
});

Deno.test("without scripts, a page that waits reloads by itself; one that has failed does not", () => {
  const failed = failure("hello", { reason: "Error", message: "no" });
  const refreshes = (progress: Progress) => /<noscript>\s*<meta http-equiv="refresh"/.test(progressPage(progress).html);
  equal(refreshes({ ...failed, phase: "starting", goesOn: true }), true);
  equal(refreshes(failed), false);
});

import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { returnPath } from "./return_path.ts";

Deno.test("a path and its query come back as they are", () => {
  for (const path of ["/", "/a", "/a/b?c=d&e=%2F", "/caf%C3%A9", "/a?next=https://elsewhere.example/", "/a//b"]) {
    equal(returnPath(path), path);
  }
});

Deno.test("a fragment is left to the browser, and dots are taken out", () => {
  equal(returnPath("/a#b"), "/a");
  equal(returnPath("/a/../b/./c"), "/b/c");
});

Deno.test("a path that leads elsewhere, or looks so, is refused", () => {
  const wrong = [
    ...["", "a", "//elsewhere.example", "///elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example"],
    ...[
      "https://elsewhere.example/",
      "https:elsewhere.example",
      "javascript:alert(1)",
      "data:text/html,x",
      "@elsewhere",
    ],
    ...[
      "/\t/elsewhere.example",
      "/\n/elsewhere.example",
      "/\r\nSet-Cookie: a=b",
      "\t//elsewhere.example",
      " //x",
      "/a b",
    ],
    ...["/.//elsewhere.example", "/..//elsewhere.example", "/a/..//elsewhere.example", "/%2e//elsewhere.example"],
    ...["/%2felsewhere.example", "/%2F%2Felsewhere.example", "/%5celsewhere.example", "/./%5Celsewhere.example"],
    ...["/a\0", "/\u007f", `/${"a".repeat(2_048)}`],
  ];
  for (const path of wrong) equal(returnPath(path), undefined, JSON.stringify(path));
});

const parts = fc.constantFrom(
  ...[
    "/",
    "//",
    "\\",
    ".",
    "..",
    "%2f",
    "%2F",
    "%5c",
    "%2e",
    "%09",
    "\t",
    "\n",
    "@",
    ":",
    "?",
    "#",
    "&",
    "evil.example",
  ],
  ...["https:", "javascript:", "a", " ", "\0", "\u2028", "\uff0f", ";", "%", "%00", "[::1]", "é"],
);
const anyPath = fc.oneof(
  fc.array(parts, { maxLength: 8 }).map((list) => list.join("")),
  fc.array(parts, { maxLength: 8 }).map((list) => `/${list.join("")}`),
  fc.string({ unit: "binary" }),
);

Deno.test("whatever is asked for, a browser stays at the gateway's host, and no header gets a line more", () => {
  fc.assert(
    fc.property(anyPath, (text) => {
      const path = returnPath(text);
      if (path === undefined) return;
      ok(path.startsWith("/") && !/^\/[/\\]/.test(path) && /^[\x21-\x7e]*$/.test(path), path);
      // With a host before it, as redirects have it, and also without.
      equal(new URL(`https://sales.views.example${path}`).origin, "https://sales.views.example");
      equal(new URL(path, "https://views.example").origin, "https://views.example");
      // It is stable: the next host that checks it finds the same.
      equal(returnPath(path), path);
    }),
    { numRuns: 5_000 },
  );
});

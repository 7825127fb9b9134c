import { equal } from "node:assert/strict";
import { isViewName, viewOfHost } from "./name.ts";

Deno.test("a view's name is an RFC 1035 label", () => {
  for (const name of ["a", "sales-2026", "x".repeat(63)]) equal(isViewName(name), true, name);
  for (const name of ["", "-a", "a-", "2026", "A", "a.b", "a_b", "x".repeat(64), "hello\n", "ö", "a b"]) {
    equal(isViewName(name), false, JSON.stringify(name));
  }
});

Deno.test("a hostname below the base host names a view, with any case, port or trailing dot", () => {
  for (
    const [host, name] of [
      ["hello.localhost", "hello"],
      ["HELLO.LocalHost", "hello"],
      ["hello.localhost:8080", "hello"],
      ["hello.localhost.", "hello"],
      ["hello.localhost.:8080", "hello"],
      ["xn--hllo-bpa.localhost", "xn--hllo-bpa"],
    ] as const
  ) equal(viewOfHost(host, "localhost"), name, host);
});

Deno.test("a hostname that is not one label below the base host names no view", () => {
  for (
    const host of [
      "",
      "localhost",
      ".localhost",
      "a.b.localhost",
      "hellolocalhost",
      "hello.localhost.evil.example",
      "sidecar_http.localhost",
      "127.0.0.1:8080",
      "[::1]:8080",
      "hello.localhost:80:80",
      `${"x".repeat(64)}.localhost`,
    ]
  ) equal(viewOfHost(host, "localhost"), undefined, host);
});

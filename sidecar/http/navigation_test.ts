import { equal } from "node:assert/strict";
import { isNavigation } from "./navigation.ts";

const CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const MOZILLA = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const page = { accept: CHROMIUM, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "user-agent": MOZILLA };
const old = { accept: CHROMIUM, "user-agent": MOZILLA };
const navigation = (headers: Record<string, string>, method = "GET") =>
  isNavigation({ method, headers: new Headers(headers) });

Deno.test("a browser that opens a page says so", () => {
  equal(navigation(page), true);
  equal(navigation(page, "HEAD"), true);
});

Deno.test("what changes something, or becomes a WebSocket, is no navigation", () => {
  equal(navigation(page, "POST"), false);
  equal(navigation({ ...page, upgrade: "websocket" }), false);
});

Deno.test("what a page loads by itself is none: scripts, images, frames, fetches", () => {
  equal(navigation({ ...page, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }), false);
  equal(navigation({ ...page, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }), false);
  equal(navigation({ ...page, "sec-fetch-dest": "iframe" }), false);
  equal(navigation({ ...page, accept: "application/json" }), false);
});

Deno.test("a browser that does not say is known by what it accepts", () => {
  equal(navigation(old), true);
  equal(navigation({ ...old, accept: "*/*" }), false);
  equal(navigation({ ...old, accept: "application/json, text/html;q=0.5" }), false);
  equal(navigation({ ...old, accept: "text/html;q=0, */*" }), false);
  equal(navigation({ ...old, accept: "TEXT/HTML ; q=1.0" }), true);
});

Deno.test("programs are held", () => {
  equal(navigation({ accept: "*/*", "user-agent": "curl/8.14.1" }), false);
  equal(navigation({ accept: CHROMIUM, "user-agent": "curl/8.14.1" }), false);
  equal(navigation({}), false);
});

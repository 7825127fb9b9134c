import { equal } from "node:assert/strict";
import { isCrossSite } from "./cross_site.ts";

const HOST = "sales.localhost:8080";
const OWN = `http://${HOST}`;
const SIBLING = "http://evil.localhost:8080";

function crosses(headers: Record<string, string>, method = "GET"): boolean {
  return isCrossSite({ method, headers: new Headers({ host: HOST, ...headers }) });
}

/** Fetch Metadata as browsers send them. */
const from = (site: string, mode: string, dest: string) => ({
  "sec-fetch-site": site,
  "sec-fetch-mode": mode,
  "sec-fetch-dest": dest,
});

Deno.test("a link, a typed address and a program are not cross-site", () => {
  equal(crosses({}), false);
  equal(crosses({}, "POST"), false);
  equal(crosses({ upgrade: "websocket" }), false);
  equal(crosses(from("none", "navigate", "document")), false);
  equal(crosses(from("cross-site", "navigate", "document")), false);
  equal(crosses(from("same-site", "navigate", "document"), "HEAD"), false);
});

Deno.test("a view's own page may do everything", () => {
  equal(crosses({ ...from("same-origin", "cors", "empty"), origin: OWN }, "POST"), false);
  equal(crosses(from("same-origin", "no-cors", "image")), false);
  equal(crosses(from("same-origin", "navigate", "iframe")), false);
  equal(crosses({ upgrade: "websocket", origin: OWN }), false);
  equal(crosses({ origin: OWN }, "DELETE"), false);
  // A page with a Referrer-Policy of no-referrer.
  equal(crosses({ ...from("same-origin", "navigate", "document"), origin: "null" }, "POST"), false);
});

for (const [where, site] of [["a sibling's", "same-site"], ["a foreign", "cross-site"]] as const) {
  Deno.test(`${where} page may neither fetch, post, frame, embed nor open a WebSocket`, () => {
    equal(crosses({ ...from(site, "cors", "empty"), origin: SIBLING }), true);
    equal(crosses({ ...from(site, "no-cors", "empty"), origin: SIBLING }, "POST"), true);
    equal(crosses({ ...from(site, "navigate", "document"), origin: SIBLING }, "POST"), true);
    equal(crosses(from(site, "navigate", "iframe")), true);
    equal(crosses(from(site, "no-cors", "image")), true);
    equal(crosses(from(site, "no-cors", "script")), true);
    equal(crosses({ upgrade: "websocket", origin: SIBLING }), true);
    equal(crosses({ ...from(site, "websocket", "websocket"), upgrade: "websocket", origin: SIBLING }), true);
  });
}

Deno.test("where a browser sends no Fetch Metadata, the Origin tells", () => {
  equal(crosses({ origin: SIBLING }, "POST"), true);
  equal(crosses({ origin: "null" }, "POST"), true);
  equal(crosses({ origin: "null", upgrade: "websocket" }), true);
  equal(crosses({ origin: "http://sales.localhost:9090" }, "POST"), true);
  equal(crosses({ origin: "http://sales.localhost.evil.example:8080" }, "POST"), true);
  equal(crosses({ origin: "http://SALES.localhost:8080" }, "POST"), false);
});

Deno.test("a page of plain HTTP is cross-site where the request comes by https", () => {
  const https = { "x-forwarded-proto": "https" };
  equal(crosses({ ...https, origin: OWN }, "POST"), true);
  equal(crosses({ ...https, origin: OWN, upgrade: "websocket" }), true);
  equal(crosses({ ...https, origin: `https://${HOST}` }, "POST"), false);
  // A proxy in front that terminates TLS may not say so.
  equal(crosses({ "x-forwarded-proto": "http", origin: `https://${HOST}` }, "POST"), false);
});

Deno.test("a WebSocket's Origin counts whatever else its handshake says", () => {
  const handshake = { upgrade: "websocket", origin: SIBLING };
  equal(crosses({ ...handshake, ...from("same-origin", "websocket", "websocket") }), true);
  equal(crosses({ ...handshake, ...from("none", "navigate", "document") }), true);
});

Deno.test("the default port of an origin's scheme is no other port", () => {
  const at = (host: string, origin: string) => isCrossSite({ method: "POST", headers: new Headers({ host, origin }) });
  equal(at("sales.example.com", "https://sales.example.com"), false);
  equal(at("sales.example.com:443", "https://sales.example.com"), false);
  equal(at("sales.example.com:8443", "https://sales.example.com"), true);
  equal(at("", "https://sales.example.com"), true);
});

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { placeInContext } from "./kubeconfig_place.ts";
import { type GivenPlace, placeOf, tokenIn } from "./place.ts";

const GATEWAY = "https://views.example.com";
const context: GivenPlace = { gateway: GATEWAY, tokenFile: "/home/ada/token" };

Deno.test("options come before the environment, and the environment before the context", () => {
  const environment = { VIEW_GATEWAY: "https://b.example", VIEW_GATEWAY_TOKEN: "env" };
  deepEqual(placeOf({ gateway: "https://a.example/", tokenFile: "t" }, environment, context), {
    origin: "https://a.example",
    token: { kind: "file", path: "t" },
  });
  deepEqual(placeOf({}, environment, context), { origin: "https://b.example", token: { kind: "text", text: "env" } });
  deepEqual(placeOf({}, {}, context), { origin: GATEWAY, token: { kind: "file", path: "/home/ada/token" } });
  deepEqual(placeOf({ serviceAccount: "ci" }, {}, context).token, { kind: "service account", name: "ci" });
});

Deno.test("a context's token goes to that context's gateway alone", () => {
  deepEqual(placeOf({ gateway: "https://evil.example" }, {}, context).token, { kind: "none" });
  deepEqual(placeOf({ gateway: GATEWAY }, {}, context).token, { kind: "file", path: "/home/ada/token" });
});

Deno.test("an address is a host, with a scheme or without", () => {
  const origin = (gateway: string) => placeOf({ gateway }, {}, {}).origin;
  deepEqual(["views.example.com", "localhost:8080", "http://views.localhost:8080/", "127.0.0.1:80"].map(origin), [
    GATEWAY,
    "http://localhost:8080",
    "http://views.localhost:8080",
    "http://127.0.0.1",
  ]);
  for (const wrong of ["ftp://a", "https://a/path", "https://a/?b", "https://", "a b", "javascript:alert(1)"]) {
    throws(() => origin(wrong), /must be an address such as https:\/\/views\.example\.com/, wrong);
  }
  throws(() => origin("https://ada:secret@a.example"), (error: Error) => !error.message.includes("secret"));
  throws(() => placeOf({}, {}, {}), /No gateway is named\. Set VIEW_GATEWAY/);
});

Deno.test("no token goes over the network without TLS", () => {
  const to = (gateway: string, tokenFile?: string) => placeOf({ gateway, tokenFile }, {}, {});
  throws(() => to("http://views.example.com", "t"), /has no TLS/);
  throws(() => to("http://127.0.0.1.example.com", "t"), /has no TLS/);
  throws(() => to("http://notlocalhost", "t"), /has no TLS/);
  for (const own of ["http://localhost:8080", "http://views.localhost", "http://127.0.0.1:1", "http://[::1]:1"]) {
    equal(to(own, "t").token.kind, "file", own);
  }
  equal(to("http://views.example.com").token.kind, "none");
});

Deno.test("a file has a token by itself or as a header, and an error never shows what it has", () => {
  const token = "eyJhbGciOi.J9-_.x==";
  for (const text of [token, `${token}\n`, `Bearer ${token}`, `Authorization: Bearer ${token}\n`]) {
    equal(tokenIn(text, "t"), token);
  }
  for (const text of ["", "two words", `${token}\nX-Header: a`, "Authorization: Basic YTpi YTpi"]) {
    throws(() => tokenIn(text, "the file t"), (error: Error) => {
      ok(text === "" || !error.message.includes(text));
      return error.message.startsWith("the file t has no token");
    });
  }
});

Deno.test("a context names its gateway in an extension, and its credentials are not looked at", () => {
  const config = (context: unknown) => ({ contexts: [{ name: "prod", context }] }) as never;
  const extensions = [
    { name: "other", extension: { gateway: "https://other.example" } },
    { name: "view-gateway", extension: { gateway: GATEWAY, serviceAccount: "ci", token: "secret", tokenFile: 7 } },
  ];
  deepEqual(placeInContext(config({ user: "ada", namespace: "team", extensions })), {
    gateway: GATEWAY,
    tokenFile: undefined,
    serviceAccount: "ci",
    namespace: "team",
  });
  for (const none of [{ contexts: null }, {}, config({}), config({ extensions: [{ name: "view-gateway" }] })]) {
    equal(placeInContext(none).gateway, undefined);
  }
});

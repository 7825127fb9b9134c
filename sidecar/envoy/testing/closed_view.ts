import { deepEqual, equal } from "node:assert/strict";
import { deny } from "./gateway.ts";
import { Pod } from "./pod.ts";
import { TlsGateway } from "./tls_gateway.ts";
import { ViewKey } from "./view_keys.ts";

export const SALES = "sales.views.test";

/** What a client says of itself and its request that only the gateway may say. */
export const FORGED = {
  "x-view": "sales",
  "x-forwarded-user": "mallory",
  "x-forwarded-email": "mallory@views.test",
  "x-forwarded-groups": "system:masters,mallory",
  "x-forwarded-host": "mallory.example",
  "x-forwarded-port": "666",
  "x_forwarded_user": "mallory",
  "forwarded": "host=mallory.example",
  "x-gate-pass": "666",
};

/** The view "sales", awake behind TLS and a gate that lets nobody in. Envoy lets in who has the view's cookie. */
export async function closedView() {
  const key = await ViewKey.make("one");
  const pod = await Pod.start("a");
  const checks: Readonly<Record<string, string>>[] = [];
  const tls = await TlsGateway.start({
    jwks: ViewKey.jwks(key),
    check: (request) => {
      checks.push(Object.fromEntries(request.headers));
      return Promise.resolve(deny(401, "Sign in."));
    },
  });
  await tls.gateway.view("sales", { serving: [pod.address] });
  return {
    ...{ tls, key },
    /** Whether one request of Alice's has come to the pod, and nobody has believed anything forged. */
    expectAliceAlone() {
      equal(pod.requests.length, 1);
      equal(pod.requests[0]!.headers["x-forwarded-user"], "oidc:alice");
      const names = Object.keys(FORGED).filter((name) => name.includes("_"));
      for (const headers of [...checks, ...pod.requests.map(({ headers }) => headers)]) {
        deepEqual(
          Object.entries(headers).filter(([name, value]) => names.includes(name) || /mallory|666/.test(value)),
          [],
        );
      }
    },
    async [Symbol.asyncDispose]() {
      await tls[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

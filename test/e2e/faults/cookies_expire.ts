import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../cluster/cluster.ts";
import { ask } from "../client/http.ts";
import { expiredCookie } from "../gateway/expired_cookie.ts";
import { viewManifest } from "../cluster/kubectl.ts";
import { theGateway, uniqueName } from "../gateway/gateway.ts";
import { View } from "../gateway/view.ts";
import { signalProgram } from "../node/node_program.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { leftOverOf } from "../outcome/left_over.ts";
import { repeatedly } from "../repeatedly.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";

/** Milliseconds for which the API server does nothing: less than after which Kubernetes takes its node for lost. */
const STOPPED = 20_000;
/**
 * Milliseconds from a sign-in until Envoy does not accept the cookie any more: sidecar/access/sessions.ts. They have to pass:
 * the gateway trusts no cookie that is older than its view.
 */
const FRESH = 600_000;
/** Milliseconds since then. */
const PAST = 5_000;
/** Milliseconds between two requests that keep the view awake meanwhile. */
const AWAKE = 15_000;
/** Milliseconds between two requests of one client. */
const PACE = 20;

test(
  "the API server stops for 20 s while cookies expire: nobody who is in is thrown out, and nobody gets in",
  async ({ skip }) => {
    const gateway = await theGateway();
    const { viewsNamespace: namespace } = gateway;
    // Whoever creates a view through the API owns it, and needs no RBAC to open it.
    const view = new View(gateway, uniqueName("cookies-expire"));
    await core.createNamespacedService({ namespace, body: viewManifest(view.name, JSON.stringify({ subsets: [] })) });
    await view.whoami();
    const asked = (headers: Readonly<Record<string, string>>) => ask(gateway.origin, view.host, { headers });
    if ((await asked({})).status === 200) {
      await view.delete();
      skip("this gateway lets everybody in");
    }
    const user = `system:serviceaccount:${namespace}:demo`;
    const justExpired = view.proof.headers;
    const longExpired = await expiredCookie(view, user, 3_700);
    {
      await using _ = repeatedly(() => asked(justExpired), AWAKE);
      await pause(FRESH + PAST);
    }
    const spec = { audiences: ["view-gateway"], expirationSeconds: 3_600 };
    const { status } = await core.createNamespacedServiceAccountToken({ namespace, name: "demo", body: { spec } });
    const strangers = {
      401: [{}, { cookie: "__Host-view=a.b.c" }],
      // No gateway has seen them before.
      503: [longExpired, { authorization: `Bearer ${status!.token!}` }],
    } as const;
    const tally = new Tally();
    const refused = new Tally();

    await signalProgram("kube-apiserver", "SIGSTOP");
    const clients = [1, 2, 3].map(() => repeatedly(() => tally.count(asked(justExpired)), PACE));
    try {
      const end = performance.now() + STOPPED;
      while (performance.now() < end) {
        for (const [expected, all] of Object.entries(strangers)) {
          for (const headers of all) {
            const answer = await refused.count(asked(headers));
            expect(answer?.status, answer?.text).toBe(Number(expected));
          }
        }
        await pause(1_000);
      }
    } finally {
      await signalProgram("kube-apiserver", "SIGCONT");
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    }
    const started = performance.now();
    const renewed = async () => (await asked(justExpired)).headers["set-cookie"] !== undefined;
    await until("the cookie is renewed", renewed, { within: 60_000, every: 500 });
    const renewedAfter = Math.round(performance.now() - started);

    const left = await leftOverOf([view]);
    printOutcome("API server stopped, strangers", refused, left);
    printOutcome("API server stopped, expired cookies", tally, left, { "ms until a cookie was renewed": renewedAfter });
    expect(tally.ok).toBeGreaterThan(0);
    expect(tally.otherwise).toEqual({});
    expect(refused.ok).toBe(0);
  },
  FRESH + 180_000,
);

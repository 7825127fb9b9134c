import fc from "fast-check";
import { expect, test } from "vitest";
import { core, NAME_LABEL } from "../cluster/cluster.ts";
import { type Gateway, theGateway, uniqueName } from "../gateway/gateway.ts";
import { viewManifest } from "../cluster/kubectl.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { exchange } from "../client/raw_http.ts";
import { seed } from "../seed.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";
import { View } from "../gateway/view.ts";

const REQUESTS = 7_000;
const BODIES = 2_000;
const ANNOTATIONS = 1_000;
/** Milliseconds for what one sends to be answered, if it ever is: half a request waits for its other half. */
const PATIENCE = 250;

/** Any bytes, one to a character. */
const bytes = fc.string({ unit: "binary-ascii", maxLength: 60 });
const rarely = <T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: often, weight: 4 }, { arbitrary: seldom, weight: 1 });

/** A request that is wrong in one place or several, or in none. */
const requestTo = ({ baseHost, token }: Gateway, awake: View) => {
  const hosts = ["nobody", "-", "a..b", "x".repeat(300), "%00", "[::1]"].map((name) => `${name}.${baseHost}`);
  const paths = ["/", "/_api/views", "/_api/views/%zz", "/_api/views?limit=-1&after=%00", "/_gate/progress"];
  const lake = ["/_lake/", "/_lake/lake/%2e%2e/x", "/_lake/lake?list-type=9&prefix=%", "/_lake//", "/_lake/lake/%ff"];
  const method = rarely(fc.constantFrom("GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "PRI"), bytes);
  const path = rarely(fc.constantFrom(...paths, ...lake, "*", "http://x/", "/" + "a/".repeat(5_000)), bytes);
  const version = rarely(fc.constant("HTTP/1.1"), fc.constantFrom("HTTP/1.0", "HTTP/2.0", "HTTP/9", ""));
  const host = rarely(fc.constantFrom(awake.host, baseHost, ...hosts), bytes);
  const names = [
    ...["content-length", "transfer-encoding", "upgrade", "connection", "expect", "range", "origin", "x-gate-pass"],
    ...["x-gate-unavailable", "x-envoy-retry-on", "x-envoy-upstream-rq-timeout-ms", "sec-fetch-mode", "x-amz-date"],
  ];
  const values = ["-1", "1", "99999999999999999999", "chunked", "websocket", "100-continue", "bytes=-,9-1", "navigate"];
  const name = rarely(fc.constantFrom(...names), bytes);
  const value = rarely(fc.constantFrom(...values, "v".repeat(70_000)), bytes);
  const header = fc.tuple(name, value).map(([name, value]) => `${name}: ${value}`);
  // Who does not say who they are is sent away before much of the rest is read.
  const proof = rarely<readonly string[]>(fc.constant([`authorization: Bearer ${token}`]), fc.constant([]));
  const end = rarely(fc.constant("\r\n"), fc.constantFrom("\n", "\r", "\0"));
  return fc.tuple(method, path, version, host, proof, fc.array(header, { maxLength: 4 }), bytes, end).map(
    ([method, path, version, host, proof, headers, body, end]) =>
      [`${method} ${path} ${version}`, `Host: ${host}`, ...proof, ...headers, "", body].join(end),
  );
};

/** What a view's spec may look like, of which something is often wrong. */
const spec = fc.record({
  name: rarely(fc.stringMatching(/^[a-z][a-z0-9-]{8,30}$/), fc.anything()),
  subsets: fc.oneof(
    fc.constant([]),
    fc.array(
      fc.record({ bucket: fc.string(), prefix: fc.string({ unit: "grapheme" }), access: fc.string() }, {
        requiredKeys: [],
      }),
    ),
    fc.anything(),
  ),
  template: rarely(fc.constant("default"), fc.anything()),
  idleSeconds: rarely(fc.integer({ min: 0, max: 1_000 }), fc.anything()),
  maxLifetimeSeconds: rarely(fc.integer({ min: 0, max: 100_000 }), fc.anything()),
}, { requiredKeys: [] });
const text = fc.oneof(
  fc.json(),
  fc.string({ unit: "grapheme" }),
  spec.map((value) => JSON.stringify(value, (_key, part) => typeof part === "bigint" ? Number(part) : part)),
  fc.constantFrom("[".repeat(20_000), `{"subsets":[${"{},".repeat(5_000)}{}]}`, '{"__proto__":{"subsets":[]}}'),
);

/** Inputs that are tried at a time. */
const AT_ONCE = 10;

/** Tries a property with a number of inputs. A failure names the smallest input that causes it. */
const holds = <T>(input: fc.Arbitrary<T>, count: number, of: (input: T) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(
      fc.array(input, { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (inputs) => void await Promise.all(inputs.map(of)),
    ),
    { seed, numRuns: count / AT_ONCE, interruptAfterTimeLimit: 400_000, markInterruptAsFailure: true },
  );

const restarts = async ({ namespace }: Gateway): Promise<number> => {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: "app.kubernetes.io/name=view-gateway" });
  const containers = items.flatMap(({ status }) => [
    ...status?.containerStatuses ?? [],
    ...status?.initContainerStatuses ?? [],
  ]);
  return containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
};

/** No 5xx is without a cause; 502 would be that of a gateway which does not know one. */
function expectCause(status: number, answer: string): void {
  if (status < 500) return;
  expect(status, answer).not.toBe(502);
  expect(answer).toMatch(/"detail":"[^"]/);
}

test(`${REQUESTS} malformed requests, ${BODIES} bodies and ${ANNOTATIONS} annotations`, async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  const view = await gateway.create("malformed");
  await view.whoami();
  const before = await restarts(gateway);
  const requests = new Tally();
  const bodies = new Tally();
  const annotations = new Tally();
  const made: View[] = [view];

  await holds(requestTo(gateway, view), REQUESTS, async (request) => {
    const answer = await exchange(gateway.origin, request, PATIENCE);
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 0);
    requests.add(status === 0 ? "nothing" : String(status));
    expectCause(status, answer);
  });

  await holds(text, BODIES, async (body) => {
    const answer = await bodies.count(
      gateway.api({ method: "POST", path: "/_api/views", headers: { "content-type": "application/json" }, body }),
    );
    // 409: it has come upon a name that there is.
    expect([201, 400, 409, 413, 422], answer?.text).toContain(answer?.status);
    if (answer!.status === 201) await new View(gateway, answer!.json().name).delete();
    else expect(answer!.json().detail).not.toBe("");
  });

  await holds(text, ANNOTATIONS, async (annotation) => {
    const one = new View(gateway, uniqueName("annotation"));
    await core.createNamespacedService({ namespace, body: viewManifest(one.name, annotation) });
    try {
      const state = await until(`${one.name} is known`, async () => {
        const answer = await gateway.api({ path: `/_api/views/${one.name}` });
        return answer.status !== 404 && answer;
      }, { within: 5_000, every: 10 });
      expect(state.status, state.text).toBe(200);
      const { phase, cause } = state.json();
      if (phase === "asleep") return annotations.add("valid");
      expect(cause?.message ?? "", state.text).not.toBe("");
      const answer = await annotations.count(one.ask());
      expect(answer?.status, answer?.text).toBe(500);
      expectCause(answer!.status, answer!.text);
    } finally {
      await one.delete();
    }
  });

  expect((await view.whoami()).view).toBe(view.name);
  const restarted = await restarts(gateway) - before;
  const nacks = await Promise.all(gateway.replicas.map((replica) => replica.sidecar("view_gateway_xds_nacks_total")));
  const { items } = await core.listNamespacedService({ namespace, labelSelector: NAME_LABEL });
  const strays = items.filter(({ metadata }) => metadata!.name!.startsWith("annotation-"));
  const left = await leftOverOf(made);
  printOutcome("malformed requests", requests, left, { "containers restarted": restarted });
  printOutcome("malformed bodies", bodies, left);
  printOutcome("malformed annotations", annotations, left);
  expect(restarted).toBe(0);
  expect(nacks.reduce((sum, count) => sum + count, 0)).toBe(0);
  expect(strays).toEqual([]);
  expect(left).toEqual(NOTHING_LEFT);
}, 1_000_000);

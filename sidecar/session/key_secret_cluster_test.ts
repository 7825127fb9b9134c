import { deepEqual, equal, ok } from "node:assert/strict";
import { systemTime } from "../async/time.ts";
import { OwnSecret } from "../kubernetes/own_secret.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { Transport } from "../kubernetes/transport.ts";
import { eventually } from "../testing/eventually.ts";
import { CookieSessions } from "./cookie_sessions.ts";
import { KeyKeeper } from "./key_keeper.ts";
import { cookieOf } from "./testing/session_world.ts";

const NAME = "view-gateway-keys";

/** A gateway, as far as sessions go, with a connection of its own. */
class SessionGateway implements AsyncDisposable {
  readonly keys: KeyKeeper;
  readonly sessions: CookieSessions;
  readonly problems: string[] = [];
  readonly #transport: Transport;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  constructor(namespace: Namespace, offset: () => number = () => 0) {
    this.#transport = new Transport(namespace.load);
    const { signal } = this.#stop;
    const time = { ...systemTime, now: () => Date.now() + offset() };
    const onProblem = (message: string, error: unknown) => void this.problems.push(`${message}: ${error}`);
    const secret = new OwnSecret({
      ...{ transport: this.#transport, namespace: namespace.name, name: NAME, time, onProblem },
      prober: { onSilence: () => () => {} },
    });
    this.keys = new KeyKeeper({ secret, name: NAME, sessionSeconds: 43_200, time, signal, onProblem });
    this.sessions = new CookieSessions({
      ...{ keys: this.keys, sessionSeconds: 43_200, now: time.now, signal },
      namedGroups: () => new Set(),
      confirm: () => Promise.resolve({ kind: "nobody" }),
      onGroupsLeftOut: () => {},
    });
    this.#running = Promise.allSettled([secret.run(signal), this.keys.run(signal)]);
  }

  get ready(): Promise<void> {
    return eventually("there are keys", () => Promise.resolve(this.sessions.jwks() !== undefined), 20);
  }

  async cookie(user = "oidc:ada"): Promise<string> {
    return cookieOf(
      await this.sessions.baseCookie(this.sessions.begun({ identity: { user, groups: [] }, by: "oidc" })),
    );
  }

  async [Symbol.asyncDispose]() {
    this.#stop.abort();
    await this.#running;
    this.#transport.close();
  }
}

async function dataOf({ name, transport, signal }: Namespace): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${name}/secrets/${NAME}`;
  const { data } = JSON.parse((await transport.call({ method: "GET", path }, signal)).text);
  return Object.fromEntries(Object.entries(data as Record<string, string>).map(([key, value]) => [key, atob(value)]));
}

const acceptedBy = (gateway: SessionGateway, cookie: string) => async () =>
  await gateway.sessions.base(cookie) !== undefined;

clusterTest("gateways that start at once use the keys of whoever is first", async (namespace) => {
  await using a = new SessionGateway(namespace);
  await using b = new SessionGateway(namespace);
  await using c = new SessionGateway(namespace);
  const all = [a, b, c];
  await Promise.all(all.map(({ ready }) => ready));
  deepEqual(new Set(all.map(({ sessions }) => sessions.jwks())).size, 1);
  for (const from of all) for (const to of all) ok(await to.sessions.base(await from.cookie()));
});

clusterTest(
  "a rotation that all gateways begin at once adds one key, and keeps labels of others",
  async (namespace) => {
    let offset = 0;
    await using first = new SessionGateway(namespace);
    await first.ready;
    await namespace.call("PUT", `api/v1/secrets/${NAME}`, {
      metadata: { name: NAME, labels: { team: "blue" }, annotations: { note: "mine" } },
      stringData: await dataOf(namespace),
    });
    const cookie = await first.cookie();
    offset = 14 * 86_400_000 + 1_000;
    await using a = new SessionGateway(namespace, () => offset);
    await using b = new SessionGateway(namespace, () => offset);
    await using c = new SessionGateway(namespace, () => offset);
    const all = [first, a, b, c];
    const twoKeys = ({ sessions }: SessionGateway) => JSON.parse(sessions.jwks() ?? '{"keys":[]}').keys.length === 2;
    await eventually("each knows two keys", () => Promise.resolve(all.every(twoKeys)), 20);
    equal(new Set(all.map(({ sessions }) => sessions.jwks())).size, 1);
    ok(await first.sessions.base(cookie));
    const { metadata } = await namespace.call("GET", `api/v1/secrets/${NAME}`) as unknown as {
      metadata: { labels: unknown; annotations: unknown };
    };
    deepEqual([metadata.labels, metadata.annotations], [{ team: "blue" }, { note: "mine" }]);
  },
);

clusterTest("a Secret that is deleted again and again under load ends no session", async (namespace) => {
  await using a = new SessionGateway(namespace);
  await using b = new SessionGateway(namespace);
  await Promise.all([a.ready, b.ready]);
  const cookie = await a.cookie();
  const jwks = a.sessions.jwks();
  let checks = 0;
  const over = new AbortController();
  const load = Promise.all([a, b].map(async (gateway) => {
    while (!over.signal.aborted) {
      ok(await gateway.sessions.base(cookie));
      ok(await (gateway === a ? b : a).sessions.base(await gateway.cookie()));
      checks++;
      await systemTime.pause(1, namespace.signal);
    }
  }));
  for (let i = 0; i < 10; i++) {
    await namespace.call("DELETE", `api/v1/secrets/${NAME}`);
    await eventually("it is made again", () => dataOf(namespace).then(() => true, () => false), 20);
  }
  over.abort();
  await load;
  ok(checks > 20, String(checks));
  deepEqual([a.sessions.jwks(), b.sessions.jwks()], [jwks, jwks]);
  await using late = new SessionGateway(namespace);
  await late.ready;
  ok(await late.sessions.base(cookie));
});

clusterTest("a Secret whose data an operator removes gets new keys, and all sessions end", async (namespace) => {
  await using a = new SessionGateway(namespace);
  await using b = new SessionGateway(namespace);
  await Promise.all([a.ready, b.ready]);
  const [cookie, jwks] = [await a.cookie(), a.sessions.jwks()];
  const path = `/api/v1/namespaces/${namespace.name}/secrets/${NAME}`;
  const headers = { "content-type": "application/merge-patch+json" };
  await namespace.transport.call({ method: "PATCH", path, headers, body: '{"data": null}' }, namespace.signal);
  for (const gateway of [a, b]) {
    await eventually("there are new keys", () => Promise.resolve(gateway.sessions.jwks() !== jwks));
    equal(await gateway.sessions.base(cookie), undefined);
  }
  await eventually("they are the same", () => Promise.resolve(a.sessions.jwks() === b.sessions.jwks()));
  ok(await b.sessions.base(await a.cookie()));
});

clusterTest("a sign-out at one gateway is one at all, also of many at once at several gateways", async (namespace) => {
  await using a = new SessionGateway(namespace);
  await using b = new SessionGateway(namespace);
  await Promise.all([a.ready, b.ready]);
  const users = Array.from({ length: 40 }, (_, i) => `oidc:${i}`);
  const cookies = await Promise.all(users.map((user) => a.cookie(user)));
  const stays = await a.cookie("oidc:stays");
  const outcomes = await Promise.all(users.map((user, i) => (i % 2 === 0 ? a : b).keys.signOut(user, 0)));
  deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(["written"]));
  for (const gateway of [a, b]) {
    for (const cookie of cookies) {
      await eventually("it is out", async () => !await acceptedBy(gateway, cookie)());
    }
    ok(await gateway.sessions.base(stays));
  }
  equal(Object.keys(JSON.parse((await dataOf(namespace))["signed-out"]!).subjects).length, 40);
});

clusterTest("without the right to read the Secret nobody signs in, and the cause is reported", async (namespace) => {
  const forbidden = { ...namespace, name: "no-such-namespace" };
  await using gateway = new SessionGateway(forbidden);
  await eventually("it is told", () => Promise.resolve(gateway.problems.length > 0), 20);
  equal(gateway.sessions.jwks(), undefined);
  ok(gateway.problems[0]!.includes(`Secret ${NAME} cannot be made`), String(gateway.problems[0]));
});

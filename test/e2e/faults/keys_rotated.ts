import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { echoes, openEcho } from "../client/echo.ts";
import { type Answer, ask } from "../client/http.ts";
import { type Gateway, theGateway } from "../gateway/gateway.ts";
import { Person } from "../gateway/person.ts";
import type { Replica } from "../gateway/replica.ts";
import {
  ageSessionKeys,
  deleteSessionKeys,
  endAllSessions,
  type SessionKey,
  sessionKeys,
} from "../gateway/session_keys.ts";
import { byToken, isSignInPage } from "../gateway/sign_in_way.ts";
import { Stranger } from "../gateway/stranger.ts";
import { untilAllKnow } from "../gateway/until_all_know.ts";
import type { View } from "../gateway/view.ts";
import { expired, signerOf, VIEW_COOKIE, viewCookieIn } from "../gateway/view_cookie.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import { repeatedly } from "../repeatedly.ts";
import { random } from "../seed.ts";
import { until } from "../until.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds of load in each state of the keys. */
const STATE = 4_000;
/** Milliseconds in which all gateways follow a change of the Secret. */
const IN_STEP = 10_000;

test("the session keys rotate under load: nobody is thrown out, and a cookie past its key is refused", async () => {
  const gateway = await theGateway();
  const { namespace } = gateway;
  const next = random();
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  const somebody = () => new Person(gateway, byToken(stranger.token), next);
  const people = [1, 2, 3].map(somebody);
  const view = await gateway.create("keys-rotated", { access: { users: [people[0]!.user] } });
  await untilAllKnow(gateway, view, IN_STEP);
  await view.whoami();
  const old = somebody();
  const begun = new Tally();
  for (const person of [...people, old]) await person.signIn(view, begun);
  const oldCookie = old.cookieOf(view)!;
  const first = (await sessionKeys(namespace)).find(({ id }) => id === signerOf(oldCookie))!;
  const tellsOld = (replica: Replica, value = oldCookie) => withCookie(replica, view, value);

  const load = new Load(view, people, somebody);
  const sockets = await load.openSockets(gateway);
  let known: number, used: number, gone: number;
  const [warmOld, refused] = [new Tally(), new Tally()];
  try {
    await pause(STATE);
    const oldClient = repeatedly(() => warmOld.count(tellsOld(gateway.replicas[0]!)), PACE);
    try {
      // Two weeks later there is a new key, which is not used yet.
      known = await took(async () => {
        await ageSessionKeys(namespace, 14 * DAY);
        await until("there is a new key", async () => (await sessionKeys(namespace))[0]!.id !== first.id);
      });
      await pause(STATE);
      await deleteSessionKeys(namespace);
      await until("the Secret is made again", async () => (await sessionKeys(namespace)).length > 1);
      await pause(STATE);
      const [second] = await sessionKeys(namespace);
      used = await took(async () => {
        await ageSessionKeys(namespace, HOUR);
        await everyReplica(gateway, "uses the new key", async (replica) => {
          const renewed = viewCookieIn(await tellsOld(replica, expired(oldCookie, [first])));
          return renewed !== undefined && signerOf(renewed) === second!.id;
        });
      });
      const renewed = () => people.every((person) => signerOf(person.cookieOf(view)!) === second!.id);
      await until("everybody's cookie is renewed", renewed);
      await pause(STATE);
      expect(isSignInPage(await old.openBase())).toBe(false);
    } finally {
      await oldClient[Symbol.asyncDispose]();
    }
    // Eight days later the last cookie of the old key is past.
    gone = await took(async () => {
      await ageSessionKeys(namespace, 8 * DAY);
      await everyReplica(gateway, "refuses the old key", async (replica) => (await tellsOld(replica)).status === 401);
    });
    expect((await sessionKeys(namespace)).map(({ id }) => id)).not.toContain(first.id);
    for (let i = 0; i < 20; i++) {
      for (const value of [oldCookie, expired(oldCookie, [first])]) {
        for (const replica of gateway.replicas) {
          await refused.count(tellsOld(replica, value));
        }
      }
    }
    expect(isSignInPage(await old.openBase())).toBe(true);
    await pause(STATE);
    for (const socket of sockets) expect(await echoes(socket)).toBe(true);
  } finally {
    await load[Symbol.asyncDispose]();
    for (const socket of sockets) socket.terminate();
  }
  const ended = await allEnd(gateway, view, people[0]!);

  const left = await leftOverOf([view]);
  printOutcome("keys rotated, warm", load.warm, left, {
    "ms until there was a new key": known,
    "ms until all used it": used,
    "ms until all refused the old one": gone,
  });
  printOutcome("keys rotated, a cookie of the old key, while it is good", warmOld, left);
  printOutcome("keys rotated, renewals", load.renewals, left);
  printOutcome("keys rotated, new WebSockets", load.upgrades, left, { "open all the while": sockets.length });
  printOutcome("keys rotated, answers to people who sign in", load.signIns, left, { "people in": load.people });
  printOutcome("keys rotated, past the key", refused, left, { "ms until all sessions ended without keys": ended });
  for (const tally of [load.warm, warmOld, load.renewals, load.upgrades, load.signIns]) {
    expect(tally.ok).toBeGreaterThan(0);
    expect(tally.otherwise).toEqual({});
  }
  expect([...load.problems]).toEqual([]);
  expect(refused.otherwise).toEqual({ 401: refused.sent });
  expect(left).toEqual(NOTHING_LEFT);
});

/** People who are in, whose cookies are renewed, who open WebSockets, and who come. */
class Load implements AsyncDisposable {
  readonly warm = new Tally();
  readonly renewals = new Tally();
  readonly upgrades = new Tally();
  readonly signIns = new Tally();
  /** Who has come. */
  people = 0;
  /** What was answered 200, and is not what was asked for. */
  readonly problems = new Set<string>();
  readonly #view: View;
  readonly #people: readonly Person[];
  readonly #clients: readonly AsyncDisposable[];
  #keys: readonly SessionKey[] = [];

  constructor(view: View, people: readonly Person[], somebody: () => Person) {
    this.#view = view;
    this.#people = people;
    this.#clients = [
      ...people.map((person) => repeatedly(() => this.#ask(person, this.warm), PACE)),
      ...people.map((person) => repeatedly(() => this.#renew(person), 500)),
      repeatedly(() => this.#upgrade(people[0]!), 250),
      ...[1, 2].map(() => repeatedly(() => this.#come(somebody()), 100)),
    ];
  }

  /** One through each gateway. */
  openSockets({ replicas }: Gateway): Promise<WebSocket[]> {
    return Promise.all(replicas.map((replica) => this.#socket(this.#people[0]!, replica)));
  }

  async #ask(person: Person, tally: Tally): Promise<void> {
    const page = await tally.count(person.openView(this.#view));
    if (page?.status === 200) this.#require(person, page);
  }

  async #renew(person: Person): Promise<void> {
    const view = this.#view;
    // There is no Secret for a moment, and a cookie may be older than the keys in it.
    this.#keys = [...await sessionKeys(view.gateway.namespace), ...this.#keys];
    const past = expired(person.cookieOf(view)!, this.#keys);
    const page = await this.renewals.count(
      ask(view.gateway.origin, view.host, { path: "/whoami", headers: { cookie: `${VIEW_COOKIE}=${past}` } }),
    );
    if (page?.status !== 200) return;
    this.#require(person, page);
    const renewed = viewCookieIn(page);
    if (renewed === undefined) this.problems.add("A cookie was not renewed.");
    else person.browser.setCookie(view.host, VIEW_COOKIE, renewed);
  }

  async #upgrade(person: Person): Promise<void> {
    const { replicas } = this.#view.gateway;
    try {
      const socket = await this.#socket(person, replicas[this.upgrades.sent % replicas.length]!);
      this.upgrades.add(await echoes(socket) ? "200" : "silent");
      socket.terminate();
    } catch (error) {
      this.upgrades.add("not open", String(error));
    }
  }

  async #socket(person: Person, replica: Replica): Promise<WebSocket> {
    const { host } = this.#view;
    return await openEcho(await replica.public(), host, person.browser.cookies(host, "/ws"));
  }

  /** Signs in, and finds the base host and the view open after that. */
  async #come(person: Person): Promise<void> {
    this.#require(person, await person.signIn(this.#view, this.signIns));
    const base = await this.signIns.count(person.openBase());
    if (base !== undefined && !base.text.includes(person.user)) {
      this.problems.add("The base host knew nobody.");
    }
    await this.#ask(person, this.signIns);
    this.people++;
  }

  #require({ user }: Person, answer: Answer): void {
    const seen = answer.text.startsWith("{") ? answer.json().headers["X-Forwarded-User"]?.[0] : "nobody";
    if (seen !== user) {
      this.problems.add(`${seen} was seen instead of ${user}.`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()));
  }
}

/** An operator takes all keys away: who was in is out, and may come in again. */
async function allEnd(gateway: Gateway, view: View, person: Person): Promise<number> {
  const value = person.cookieOf(view)!;
  expect((await withCookie(gateway.replicas[0]!, view, value)).status).toBe(200);
  const ended = await took(async () => {
    await endAllSessions(gateway.namespace);
    await everyReplica(
      gateway,
      "ends all sessions",
      async (replica) => (await withCookie(replica, view, value)).status === 401,
    );
  });
  await until("they can sign in again", async () => (await person.signIn(view, new Tally())).status === 200);
  return ended;
}

async function withCookie(replica: Replica, view: View, value: string): Promise<Answer> {
  const headers = { cookie: `${VIEW_COOKIE}=${value}` };
  return await ask(await replica.public(), view.host, { path: "/whoami", headers });
}

async function everyReplica(gateway: Gateway, what: string, does: (replica: Replica) => Promise<boolean>) {
  await Promise.all(
    gateway.replicas.map((replica) => until(`${replica.pod} ${what}`, () => does(replica), { within: IN_STEP })),
  );
}

/** How many milliseconds an action took. */
async function took(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return Math.round(performance.now() - began);
}

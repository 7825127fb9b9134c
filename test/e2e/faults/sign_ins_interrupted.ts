import { expect, test } from "vitest";
import { type Answer, ask } from "../client/http.ts";
import { issuerOrigin } from "../client/issuer.ts";
import { clientToken } from "../gateway/client_token.ts";
import { theGateway } from "../gateway/gateway.ts";
import { Person } from "../gateway/person.ts";
import type { Replica } from "../gateway/replica.ts";
import { sessionKeys } from "../gateway/session_keys.ts";
import { atIssuer, byToken } from "../gateway/sign_in_way.ts";
import { Stranger } from "../gateway/stranger.ts";
import { untilAllKnow } from "../gateway/until_all_know.ts";
import type { View } from "../gateway/view.ts";
import { expired, VIEW_COOKIE } from "../gateway/view_cookie.ts";
import { SidecarKiller } from "../node/sidecar_killer.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import { repeatedly } from "../repeatedly.ts";
import { oneOf, random } from "../seed.ts";
import { until } from "../until.ts";

/** People who sign in, some of them at once. */
const SIGN_INS = 80;
const AT_ONCE = 4;
const KILLS = 12;
/** Milliseconds between two requests of one client. */
const PACE = 20;

test("sidecars are killed again and again while people sign in", async () => {
  const gateway = await theGateway();
  const next = random();
  const { viewsNamespace } = gateway;
  await using guest = await Stranger.in(viewsNamespace);
  await using leaver = await Stranger.in(viewsNamespace);
  await using other = await Stranger.in(viewsNamespace);
  const issuer = await issuerOrigin();
  const person = (token: string) => new Person(gateway, byToken(token), next);
  const personAtIssuer = (name: string) => new Person(gateway, atIssuer(name, issuer), next);
  const inside = [person(guest.token), personAtIssuer("ada")];
  const left = person(leaver.token);
  const users = [inside[0]!.user, left.user, "oidc:ada"];
  const view = await gateway.create("interrupted", { access: { users } });
  await untilAllKnow(gateway, view, 10_000);
  await view.whoami();
  for (const one of [...inside, left]) await one.signIn(view, new Tally());
  const stay = new Stay(view, inside, next);
  const outsiders = new Outsiders(view, left, next);
  await outsiders.leave();

  const signIns = new Tally();
  const refusals = new Tally();
  const problems = new Set<string>();
  let most = 0;
  let come = 0;
  const began = performance.now();
  const clients = [...await stay.begin(), ...await outsiders.begin()];
  const killer = new SidecarKiller(gateway, next);
  const foreign = await clientToken(viewsNamespace, "demo", "somebody-else");
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (come < SIGN_INS || killer.kills < KILLS) {
        const one = come++ % 2 === 0 ? person(guest.token) : personAtIssuer("ada");
        const started = performance.now();
        const page = await one.signIn(view, signIns);
        most = Math.max(most, performance.now() - started);
        if (!isPageOf(page, one.user)) problems.add(`Who signs in gets ${page.status} ${page.url.pathname}.`);
        // A token and a name without a right, and a token that is not for the gateway, each in a browser of its own.
        const stranger = await person(other.token).signIn(view, refusals);
        const ben = await personAtIssuer("ben").signIn(view, refusals);
        const nobody = await person(foreign).signIn(view, refusals);
        const statuses = [stranger, ben, nobody].map(({ status }) => status);
        if (statuses.join() !== "403,403,401") problems.add(`Those without a right get ${statuses}.`);
      }
    }));
  } finally {
    await killer[Symbol.asyncDispose]();
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }

  const remains = await leftOverOf([view]);
  printOutcome("sign-ins interrupted, answers to people who sign in", signIns, remains, {
    kills: killer.kills,
    seconds: Math.round((performance.now() - began) / 1_000),
    "people in": come,
    "longest ms of a sign-in": Math.round(most),
  });
  printOutcome("sign-ins interrupted, those without a right", refusals, remains);
  printOutcome("sign-ins interrupted, people who are in", stay.warm, remains);
  printOutcome("sign-ins interrupted, people whose cookie expires", stay.renewals, remains);
  printOutcome("sign-ins interrupted, people at the base host", stay.base, remains);
  printOutcome("sign-ins interrupted, without a good cookie", outsiders.tally, remains);
  expect([...problems, ...stay.problems]).toEqual([]);
  expect([stay.warm.otherwise, stay.renewals.otherwise]).toEqual([{}, {}]);
  expect(outsiders.tally.ok).toBe(0);
  for (const tally of [signIns, stay.base]) expect(unavailableAside(tally)).toEqual([]);
  expect(unavailableAside(refusals)).toEqual(["401", "403"]);
  expect(unavailableAside(outsiders.tally)).toEqual(["401"]);
  expect(killer.kills).toBeGreaterThanOrEqual(KILLS);
  expect(remains).toEqual(NOTHING_LEFT);
}, 400_000);

/** People who are in. */
class Stay {
  readonly warm = new Tally();
  readonly renewals = new Tally();
  readonly base = new Tally();
  readonly problems = new Set<string>();
  readonly #view: View;
  readonly #people: readonly Person[];
  readonly #next: () => number;

  constructor(view: View, people: readonly Person[], next: () => number) {
    this.#view = view;
    this.#people = people;
    this.#next = next;
  }

  async begin(): Promise<readonly AsyncDisposable[]> {
    const view = this.#view;
    const keys = await sessionKeys(view.gateway.namespace);
    return this.#people.flatMap((person) => {
      const past = expired(person.cookieOf(view)!, keys);
      return [
        repeatedly(async () => this.#require(person, await this.warm.count(person.openView(view))), PACE),
        repeatedly(async () => this.#require(person, await this.renewals.count(this.#with(past))), 100),
        repeatedly(async () => {
          const page = await this.base.count(person.openBase());
          if (page?.status === 200 && !page.text.includes(person.user)) this.problems.add("Somebody was thrown out.");
        }, 250),
      ];
    });
  }

  async #with(value: string): Promise<Answer> {
    return await askWith(this.#view, this.#next, { cookie: `${VIEW_COOKIE}=${value}` });
  }

  #require({ user }: Person, answer: Answer | undefined): void {
    if (answer?.status === 200 && !isPageOf(answer, user)) this.problems.add(`${user} got another page.`);
  }
}

/** Requests that open nothing: of nobody, of somebody who forges a cookie, and of somebody who has signed out. */
class Outsiders {
  readonly tally = new Tally();
  readonly #view: View;
  readonly #left: Person;
  readonly #next: () => number;
  #cookie = "";

  constructor(view: View, left: Person, next: () => number) {
    this.#view = view;
    this.#left = left;
    this.#next = next;
  }

  /** Signs out. */
  async leave(): Promise<void> {
    const { gateway } = this.#view;
    this.#cookie = this.#left.cookieOf(this.#view)!;
    const page = await this.#left.browser.open(`http://${gateway.baseHost}/_auth/sign-out`, {});
    expect(page.status, page.text).toBe(200);
    const [past] = await this.#headers();
    await Promise.all(gateway.replicas.map((replica) => {
      const refused = async () => (await askThrough(replica, this.#view, past!)).status === 401;
      return until(`${replica.pod} knows who has signed out`, refused);
    }));
  }

  async begin(): Promise<readonly AsyncDisposable[]> {
    const all = await this.#headers();
    return all.map((headers) => repeatedly(() => this.tally.count(askWith(this.#view, this.#next, headers)), 100));
  }

  async #headers(): Promise<readonly Readonly<Record<string, string>>[]> {
    const past = expired(this.#cookie, await sessionKeys(this.#view.gateway.namespace));
    const forged = `${past.slice(0, past.lastIndexOf("."))}.${"A".repeat(86)}`;
    return [{ cookie: `${VIEW_COOKIE}=${past}` }, { cookie: `${VIEW_COOKIE}=${forged}` }, {}];
  }
}

async function askWith(view: View, next: () => number, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return await askThrough(oneOf(next, view.gateway.replicas), view, headers);
}

async function askThrough(replica: Replica, view: View, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return await ask(await replica.public(), view.host, { path: "/whoami", headers });
}

/** Whether the view's page says that it was opened by this user. */
function isPageOf({ status, text }: Answer, user: string): boolean {
  return status === 200 && text.startsWith("{") && JSON.parse(text).headers["X-Forwarded-User"]?.[0] === user;
}

/** The outcomes that are neither 200 nor an honest 503. */
function unavailableAside(tally: Tally): readonly string[] {
  return Object.keys(tally.otherwise).filter((outcome) => outcome !== "503");
}

import { setTimeout as pause } from "node:timers/promises";
import { issuerOrigin } from "../client/issuer.ts";
import { dataOf, type ViewResource } from "../client/api_client.ts";
import { ask } from "../client/http.ts";
import { uniqueName } from "../gateway/gateway.ts";
import { Person } from "../gateway/person.ts";
import type { Replica } from "../gateway/replica.ts";
import { sessionKeys } from "../gateway/session_keys.ts";
import { atIssuer, byToken } from "../gateway/sign_in_way.ts";
import type { Stranger } from "../gateway/stranger.ts";
import { type Spec, View } from "../gateway/view.ts";
import { expired, VIEW_COOKIE, viewCookieIn } from "../gateway/view_cookie.ts";
import { servingPodsOf } from "../outcome/serving_pods.ts";
import { Tally } from "../outcome/tally.ts";
import { random } from "../seed.ts";
import { until } from "../until.ts";
import type { Both } from "./rollout.ts";
import { KINDS, LAKE_PATH, READER, stableOf } from "./view_kinds.ts";

/** Seconds of a lease that the other version has to renew, as short as may be. */
const LEASE = 10;

/** How often a view finds the pool empty before it is a mistake. */
const TRIES = 10;

/** Milliseconds until one gateway knows what another one has done. */
const IN_STEP = 10_000;

/** What two versions of a gateway make of each other's objects, while both are at work. */
export class Meeting {
  /** Requests through one version for what the other one has made. */
  readonly tally = new Tally();
  /** People who sign in, with each request at any of the two versions. */
  readonly signIns = new Tally();
  /** All views that were made. */
  readonly views: View[] = [];
  /** What one version has made otherwise than the other one knows it. */
  readonly wrong: string[] = [];
  /** How many pods one version has claimed for a view that the other one has served. */
  claimed = 0;
  /** How many leases one version has renewed for a view that the other one has woken. */
  renewed = 0;
  readonly #both: Both;
  readonly #stranger: Stranger;

  constructor(both: Both, stranger: Stranger) {
    this.#both = both;
    this.#stranger = stranger;
  }

  /** Each version meets what the other one has made. */
  async run(): Promise<void> {
    const { before, after } = this.#both;
    await Promise.all([[before, after], [after, before]].map(async ([one, other]) => {
      await Promise.all([
        ...KINDS.map((spec) => this.#sameView(one!, other!, spec)),
        this.#claim(one!, other!),
        this.#lease(one!, other!),
        this.#session(one!, other!),
      ]);
    }));
    await Promise.all(this.views.map((view) => view.delete()));
  }

  /** One version creates a view, and the other one shows, wakes, changes and restarts it. */
  async #sameView(one: Replica, other: Replica, spec: Spec): Promise<void> {
    const view = await this.#create(one, spec);
    await this.#know(other, view);
    this.#same(view, await view.resource(one), await view.resource(other));
    const first = await this.#podOf(view, other);
    await this.#samePod(view, one, first);
    if (spec.subsets !== undefined) await this.#readLake(view, one, other);
    await this.#change(view, other, { idleSeconds: 700, access: { users: [READER] } });
    const changed = async () => (await view.resource(one)).idleSeconds === 700;
    await until(`a change of ${view.name} is known`, changed, { within: IN_STEP });
    this.#same(view, await view.resource(one), await view.resource(other));
    dataOf(
      await view.gateway.client(one).POST("/_api/views/{name}/restart", { params: { path: { name: view.name } } }),
    );
    const restarted = async () => {
      const pod = await this.#podOf(view, other);
      return pod !== undefined && pod !== first;
    };
    await until(`${view.name} has restarted`, restarted, { within: IN_STEP });
  }

  /** One version claims a pod of the pool and assigns it, and the other one serves it. Clients may empty the pool. */
  async #claim(one: Replica, other: Replica): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const view = await this.#create(one, { template: "default-warm" });
      const pod = await this.#podOf(view, one);
      await this.#samePod(view, other, pod);
      const { claimed, wrong } = await servingPodsOf([view]);
      this.wrong.push(...wrong);
      if (Object.keys(claimed).length > 0) return void this.claimed++;
    }
  }

  /** One version wakes a view, and the traffic comes through the other one alone, for longer than the lease. */
  async #lease(one: Replica, other: Replica): Promise<void> {
    const view = await this.#create(one, { idleSeconds: LEASE });
    const pod = await this.#podOf(view, one);
    const job = await view.job();
    await this.#know(other, view);
    const end = performance.now() + 2.2 * LEASE * 1_000;
    while (performance.now() < end) {
      await this.#samePod(view, other, pod);
      await pause(250);
    }
    const now = await view.job();
    const same = now?.metadata?.uid === job?.metadata?.uid;
    if (same && now!.spec!.activeDeadlineSeconds! > job!.spec!.activeDeadlineSeconds!) this.renewed++;
    else this.wrong.push(`The lease of ${view.name} was not renewed.`);
  }

  /** People sign in with each request at any version. The other one renews a cookie, and knows the session. */
  async #session(one: Replica, other: Replica): Promise<void> {
    const { gateway } = this.#both;
    const ways = [byToken(this.#stranger.token), atIssuer("ada", await issuerOrigin())];
    const view = await this.#create(one, { access: { users: ways.map(({ user }) => user) } });
    await this.#know(other, view);
    // A browser would get the waiting page.
    await this.#samePod(view, other, await this.#podOf(view, one));
    const replicas = [one, other];
    for (const way of ways) {
      const person = new Person({ baseHost: gateway.baseHost, replicas }, way, random());
      const page = await person.signIn(view, this.signIns);
      if (page.status !== 200) {
        this.wrong.push(`${way.user} got ${page.status} instead of ${view.name}.`);
        continue;
      }
      const past = expired(person.cookieOf(view)!, await sessionKeys(gateway.namespace));
      for (const replica of replicas) {
        const headers = { cookie: `${VIEW_COOKIE}=${past}` };
        const answer = await this.tally.count(ask(await replica.public(), view.host, { path: "/whoami", headers }));
        if (answer === undefined || viewCookieIn(answer) === undefined) this.wrong.push("A cookie was not renewed.");
        const base = await this.tally.count(person.openBase());
        if (!base?.text.includes(way.user)) this.wrong.push(`The base host does not know ${way.user}.`);
      }
    }
  }

  /** The lake through each version, by the credentials that one of them has made. */
  async #readLake(view: View, ...replicas: readonly Replica[]): Promise<void> {
    for (const replica of replicas) await this.tally.count(view.askThrough(replica, { path: LAKE_PATH }));
  }

  async #create(replica: Replica, spec: Spec): Promise<View> {
    const { gateway } = this.#both;
    const view = new View(gateway, uniqueName("met"));
    this.views.push(view);
    dataOf(await gateway.client(replica).POST("/_api/views", { body: { name: view.name, subsets: [], ...spec } }));
    return view;
  }

  async #know(replica: Replica, { name, gateway }: View): Promise<void> {
    const params = { path: { name } };
    const known = async () => (await gateway.client(replica).GET("/_api/views/{name}", { params })).response.ok;
    await until(`${replica.pod} knows ${name}`, known, { within: IN_STEP });
  }

  async #change({ name, gateway }: View, replica: Replica, body: object): Promise<void> {
    const headers = { "content-type": "application/merge-patch+json" };
    dataOf(await gateway.client(replica).PATCH("/_api/views/{name}", { params: { path: { name } }, body, headers }));
  }

  /** Which pod answers; undefined if none does. */
  async #podOf(view: View, replica: Replica): Promise<string | undefined> {
    const answer = await this.tally.count(view.askThrough(replica, { path: "/whoami" }));
    if (answer?.status !== 200) return undefined;
    const { view: name, pod } = answer.json();
    if (name !== view.name) this.wrong.push(`${view.name} was answered by ${name}.`);
    return pod;
  }

  async #samePod(view: View, replica: Replica, pod: string | undefined): Promise<void> {
    const found = await this.#podOf(view, replica);
    if (found !== pod) this.wrong.push(`${view.name} was answered by ${found} instead of ${pod}.`);
  }

  #same({ name }: View, one: ViewResource, other: ViewResource): void {
    const [a, b] = [stableOf(one), stableOf(other)];
    if (a !== b) this.wrong.push(`${name} is ${a} to one version, and ${b} to the other one.`);
  }
}

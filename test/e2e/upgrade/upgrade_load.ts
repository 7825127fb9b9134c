import type { WebSocket } from "ws";
import { echoes, openEcho } from "../client/echo.ts";
import { type Answer, ask } from "../client/http.ts";
import type { Page } from "../client/http_browser.ts";
import { Proof } from "../client/proof.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { SALES } from "../gateway/lake.ts";
import { Person } from "../gateway/person.ts";
import { byToken, isSignInPage } from "../gateway/sign_in_way.ts";
import type { Stranger } from "../gateway/stranger.ts";
import type { Spec, View } from "../gateway/view.ts";
import { Tally } from "../outcome/tally.ts";
import { repeatedly } from "../repeatedly.ts";
import { random } from "../seed.ts";
import { LAKE_PATH } from "./view_kinds.ts";

/** Milliseconds between two requests of a client whose requests cost more. */
const SLOWER = 100;
/** Milliseconds between two words on a WebSocket. */
const WORDS = 500;

/** How many clients do the same. */
export interface Clients {
  readonly warm: number;
  readonly wakes: number;
  readonly sockets: number;
  /** Milliseconds between two requests of one client. */
  readonly pace: number;
}

/** The views that the clients use. */
interface LoadViews {
  readonly warm: View;
  readonly open: View;
  readonly shared: View;
  readonly lake: View;
}

/** Steady load of every kind on one gateway, through its Service, while its pods come and go. */
export class UpgradeLoad implements AsyncDisposable {
  readonly warm = new Tally();
  readonly wakes = new Tally();
  readonly warmWakes = new Tally();
  readonly api = new Tally();
  readonly signedIn = new Tally();
  readonly strangers = new Tally();
  readonly open = new Tally();
  readonly lake = new Tally();
  readonly sockets = new Tally();
  /** How often a WebSocket ended, and was opened again. */
  ended = 0;
  /** Milliseconds until the answer of each wake. */
  readonly times: number[] = [];
  /** All views that were made. */
  readonly views: View[];
  /** Answers that are not what was asked for. */
  readonly wrong = new Set<string>();
  readonly #gateway: Gateway;
  readonly #used: LoadViews;
  readonly #person: Person;
  readonly #stranger: Stranger;
  readonly #clients: readonly AsyncDisposable[];
  readonly #open = new Set<WebSocket>();

  private constructor(
    gateway: Gateway,
    used: LoadViews,
    person: Person,
    stranger: Stranger,
    { warm, wakes, sockets, pace }: Clients,
  ) {
    this.#gateway = gateway;
    this.#used = used;
    this.#person = person;
    this.#stranger = stranger;
    this.views = Object.values(used);
    const { shared } = used;
    const many = (count: number, act: () => Promise<unknown>, every: number) =>
      Array.from({ length: count }, () => repeatedly(act, every));
    this.#clients = [
      ...many(warm, () => this.#ask(this.warm, used.warm), pace),
      ...many(wakes, () => this.#wake(this.wakes, {}), SLOWER),
      ...many(1, () => this.#wake(this.warmWakes, { template: "default-warm" }), SLOWER),
      ...many(1, () => this.#useApi(), SLOWER),
      ...many(1, () => this.#count(this.signedIn, shared, person.openView(shared)), pace),
      ...many(1, () => this.#openBase(), SLOWER),
      ...many(1, () => this.#refused(), SLOWER),
      ...many(1, () => this.#count(this.open, used.open, this.#withoutProof(used.open)), pace),
      ...many(1, () => this.lake.count(used.lake.ask({ path: LAKE_PATH })), SLOWER),
      ...Array.from({ length: sockets }, () => repeatedly(this.#talk(), WORDS)),
    ];
  }

  static async on(gateway: Gateway, stranger: Stranger, outsider: Stranger, clients: Clients): Promise<UpgradeLoad> {
    const { baseHost } = gateway;
    const person = new Person(
      { baseHost, replicas: [{ public: () => Promise.resolve(gateway.origin) }] },
      byToken(stranger.token),
      random(),
    );
    const create = (spec: Spec) => gateway.create("upgraded", spec);
    const [warm, open, shared, lake] = await Promise.all([
      create({}),
      create({ public: true }),
      create({ access: { users: [person.user] } }),
      create({ subsets: SALES }),
    ]);
    await Promise.all([warm, open, shared, lake].map((view) => view!.whoami()));
    await person.signIn(shared!, new Tally());
    return new UpgradeLoad(
      gateway,
      { warm: warm!, open: open!, shared: shared!, lake: lake! },
      person,
      outsider,
      clients,
    );
  }

  /** What no client may notice, by what the clients do. */
  get tallies(): Readonly<Record<string, Tally>> {
    const { warm, wakes, warmWakes, api, signedIn, open, lake, sockets } = this;
    return {
      ...{ warm, wakes, api, lake, "wakes from the pool": warmWakes, "people who are signed in": signedIn },
      ...{ "a public view": open, "words on WebSockets": sockets },
    };
  }

  /** How many wakes took longer. */
  slow(milliseconds: number): number {
    return this.times.filter((time) => time > milliseconds).length;
  }

  #ask(tally: Tally, view: View): Promise<Answer | undefined> {
    return this.#count(tally, view, view.ask({ path: "/whoami" }));
  }

  async #count(tally: Tally, view: View, request: Promise<Answer>): Promise<Answer | undefined> {
    const answer = await tally.count(request);
    if (answer?.status !== 200) return answer;
    const name = answer.text.startsWith("{") ? answer.json().view : "a page";
    if (name !== view.name) this.wrong.add(`${name} answered instead of ${view.name}.`);
    return answer;
  }

  async #wake(tally: Tally, spec: Spec): Promise<void> {
    let view: View;
    try {
      view = await this.#gateway.create("upgraded-cold", spec);
      this.api.add("200");
    } catch (error) {
      return this.api.add("not created", String(error));
    }
    this.views.push(view);
    const began = performance.now();
    await this.#ask(tally, view);
    this.times.push(performance.now() - began);
    await view.delete();
  }

  /** Lists views, reads one and changes it. */
  async #useApi(): Promise<void> {
    const { name } = this.#used.warm;
    const idleSeconds = 600 + this.api.sent % 100;
    const headers = { "content-type": "application/merge-patch+json" };
    const path = `/_api/views/${name}`;
    await this.api.count(this.#gateway.api({ path: "/_api/views?limit=5" }));
    await this.api.count(this.#gateway.api({ method: "PATCH", path, headers, body: JSON.stringify({ idleSeconds }) }));
    const answer = await this.api.count(this.#gateway.api({ path }));
    if (answer?.status === 200 && answer.json().name !== name) this.wrong.add("The API has shown another view.");
  }

  async #openBase(): Promise<void> {
    const page = await this.signedIn.count(this.#person.openBase()) as Page | undefined;
    if (page !== undefined && isSignInPage(page)) this.wrong.add("Somebody was thrown out.");
  }

  async #refused(): Promise<void> {
    const { host } = this.#used.shared;
    const headers = new Proof(this.#stranger.token).headers;
    await this.strangers.count(ask(this.#gateway.origin, host, { path: "/whoami", headers }));
    await this.strangers.count(this.#withoutProof(this.#used.shared));
  }

  #withoutProof({ host }: View): Promise<Answer> {
    return ask(this.#gateway.origin, host, { path: "/whoami" });
  }

  /** A client with a WebSocket, which it opens again when it has ended. */
  #talk(): () => Promise<void> {
    let socket: WebSocket | undefined;
    const { shared } = this.#used;
    return async () => {
      try {
        if (socket === undefined) {
          const cookie = this.#person.browser.cookies(shared.host, "/ws");
          const opened = await openEcho(this.#gateway.origin, shared.host, cookie);
          opened.on("error", () => {});
          opened.once("close", () => {
            if (!this.#open.delete(opened)) return;
            this.ended++;
            socket = undefined;
          });
          this.#open.add(socket = opened);
        }
        const alive = await echoes(socket);
        // A word that was under way when the WebSocket ended is not lost: the client sees the end.
        if (alive || socket === undefined) this.sockets.add("200");
        else this.sockets.add("silent");
      } catch (error) {
        socket = undefined;
        this.sockets.add("not open", String(error));
      }
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sockets = [...this.#open];
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()));
    this.#open.clear();
    for (const socket of sockets) socket.terminate();
  }
}

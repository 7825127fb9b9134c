import { until } from "../until.ts";
import { type Gateway, uniqueName } from "./gateway.ts";
import { Stranger } from "./stranger.ts";
import { type Spec, View } from "./view.ts";

/** Somebody who may create views, and sees no others: a story's list of views has the story's own ones. */
export class Author implements AsyncDisposable {
  readonly #gateway: Gateway;
  readonly #stranger: Stranger;

  private constructor(gateway: Gateway, stranger: Stranger) {
    this.#gateway = gateway;
    this.#stranger = stranger;
  }

  static async at(gateway: Gateway): Promise<Author> {
    const author = new Author(gateway, await Stranger.in(gateway.viewsNamespace));
    await author.#stranger.mayCreate();
    const knows = async () => (await author.#ask("GET", "/_api/templates")).status === 200;
    await until("the gateway knows the author's rights", knows);
    return author;
  }

  get token(): string {
    return this.#stranger.token;
  }

  /** Creates a view with a name of its own. The view is deleted at the end of its scope. */
  async create(story: string, spec: Spec): Promise<View> {
    const view = new View(this.#gateway, uniqueName(story));
    const { status, text } = await this.#ask("POST", "/_api/views", { name: view.name, subsets: [], ...spec });
    if (status !== 201) {
      throw new Error(`View ${view.name} was not created: ${status} ${text}`);
    }
    return view;
  }

  /** Wakes a view, and waits until it is in a phase. */
  async wake({ name }: View, phase: "starting" | "awake" | "failed"): Promise<void> {
    await this.#ask("POST", `/_api/views/${name}/wake`);
    const path = `/_api/views/${name}`;
    const isSo = async () => (await this.#ask("GET", path)).json().phase === phase;
    await until(`${name} is ${phase}`, isSo, { within: 60_000 });
  }

  #ask(method: "GET" | "POST", path: string, body?: unknown) {
    return this.#gateway.api({
      ...{ method, path },
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...body !== undefined && { body: JSON.stringify(body) },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stranger[Symbol.asyncDispose]();
  }
}

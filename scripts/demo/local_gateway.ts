/** A gateway at a port of this machine, asked as a browser asks that resolves every `*.localhost` to it. */
export class LocalGateway implements Disposable {
  readonly port: number;
  readonly baseHost = "localhost";
  readonly #authorization: Readonly<Record<string, string>>;
  // Names below localhost are known to browsers and curl, but not to every resolver: the Host header is set by hand.
  readonly #client = Deno.createHttpClient({ allowHost: true });

  /** @param token the user's token for the API */
  constructor(port: number, token?: string) {
    this.port = port;
    this.#authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** The host of a view, or the base host. */
  hostOf(view?: string): string {
    return view === undefined ? this.baseHost : `${view}.${this.baseHost}`;
  }

  urlOf(view?: string): string {
    return `http://${this.hostOf(view)}:${this.port}/`;
  }

  /** Asks the API. The body of the answer has to be read or cancelled. */
  api(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers as Record<string, string>, ...this.#authorization };
    return this.fetch(this.hostOf(), path, { ...init, headers });
  }

  /** Sends an anonymous request. The body of the answer has to be read or cancelled. */
  fetch(host: string, path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, {
      ...init,
      client: this.#client,
      headers: { ...init.headers as Record<string, string>, host: `${host}:${this.port}` },
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

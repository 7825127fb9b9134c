import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { unlessAbsent } from "../process/unless_absent.ts";
import type { KeyPair } from "./certificates.ts";

/** Calls a cluster's API server as an administrator: `using api = new ApiServer(url, tls);` */
export class ApiServer implements Disposable {
  readonly #client: Deno.HttpClient;

  constructor(readonly url: string, tls?: { readonly authority: string; readonly client: KeyPair }) {
    this.#client = Deno.createHttpClient(
      tls ? { caCerts: [tls.authority], cert: tls.client.certificate, key: tls.client.key, http2: false } : {},
    );
  }

  /** Whether it reports within a second that it is ready. */
  async ready(): Promise<boolean> {
    try {
      return (await this.#call("GET", "/readyz", undefined, 1000)).ok;
    } catch {
      return false;
    }
  }

  /** Creates an object, unless it exists already. */
  async create(path: string, object: unknown): Promise<void> {
    const { ok, status, text } = await this.#call("POST", path, object, 10_000);
    if (!ok && status !== 409) throw new Error(`The API server answers ${status} to POST ${path}: ${text}`);
  }

  /** Gets an object; undefined if there is none. */
  // deno-lint-ignore no-explicit-any -- any kind of object
  async get(path: string): Promise<any> {
    const { ok, status, text } = await this.#call("GET", path, undefined, 10_000);
    if (status === 404) return undefined;
    if (!ok) throw new Error(`The API server answers ${status} to GET ${path}: ${text}`);
    return JSON.parse(text);
  }

  async #call(method: string, path: string, body: unknown, milliseconds: number) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      client: this.#client,
      signal: AbortSignal.timeout(milliseconds),
      ...body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } },
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

/** Whether the API server that a kubeconfig of these clusters names is ready. */
export async function apiServerAnswers(kubeconfig: string): Promise<boolean> {
  using api = await apiServerOf(kubeconfig);
  return await api?.ready() ?? false;
}

/** How long the API server of a busy machine may need to answer. */
const SLOW = 30_000;

/** Whether it is ready or becomes ready. A slow cluster is better than a new one. */
export async function apiServerReturns(kubeconfig: string, signal?: AbortSignal): Promise<boolean> {
  for (const deadline = performance.now() + SLOW; performance.now() < deadline;) {
    if (await apiServerAnswers(kubeconfig)) return true;
    await delay(200, undefined, { ...(signal && { signal }) });
  }
  return false;
}

/** The API server that a kubeconfig of these clusters names; undefined if there is no such file. */
export async function apiServerOf(kubeconfig: string): Promise<ApiServer | undefined> {
  const text = await unlessAbsent(Deno.readTextFile(kubeconfig));
  if (text === undefined) return undefined;
  const { clusters: [{ cluster }], users: [{ user }] } = parse(text);
  const authority = cluster["certificate-authority-data"];
  if (authority === undefined) return new ApiServer(cluster.server);
  const client = { certificate: atob(user["client-certificate-data"]), key: atob(user["client-key-data"]) };
  return new ApiServer(cluster.server, { authority: atob(authority), client });
}

/** A pod of a warm pool: ready and no view, until the gateway assigns it to one. docs/TEMPLATES.md has the contract. */
import { timingSafeEqual } from "node:crypto";
import { basename, dirname, join } from "node:path/posix";
import type { Handler } from "./handler.ts";
import type { Get } from "./settings.ts";
import { subsetsOf, type View } from "./view.ts";

/** Where a pod learns which view it is; the template's annotation `view.yolean.se/assign` names it. */
export const ASSIGN_PATH = "/_gate/assign";

/** The longest body of an assignment, in bytes. */
const LONGEST = 256 * 1024;

interface Assignment {
  readonly uid: string;
  readonly view: View;
  /** Text by path. */
  readonly files: readonly (readonly [string, string])[];
}

/** What is wrong with an assignment, for the gateway. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class PoolPod {
  readonly #bearer: string;
  /** The directory of the lake's files; undefined without a lake. */
  readonly #lake: string | undefined;
  readonly #serve: (view: View) => Promise<Handler>;
  /** The UID of the Service of the view that this pod is. */
  #view: string | undefined;
  #handler: Handler | undefined;
  /** One assignment at a time: two gateways may send the same. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(uid: string, lake: string | undefined, serve: (view: View) => Promise<Handler>) {
    this.#bearer = `Bearer ${uid}`;
    this.#lake = lake;
    this.#serve = serve;
  }

  get assigned(): boolean {
    return this.#handler !== undefined;
  }

  async answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "POST" && pathname === ASSIGN_PATH) return await this.#assign(request);
    if (this.#handler) return await this.#handler(request);
    if (pathname === "/healthz") return new Response("ok\n");
    return new Response("This pod belongs to no view yet.\n", { status: 503 });
  }

  async #assign(request: Request): Promise<Response> {
    try {
      // Only the gateway and this pod know the pod's UID.
      if (!equal(request.headers.get("authorization") ?? "", this.#bearer)) {
        throw new Refusal(401, "The bearer token is not the UID of this pod.");
      }
      const assignment = await this.#read(request);
      const taken = this.#last.then(() => this.#take(assignment));
      this.#last = taken.catch(() => {});
      await taken;
      return new Response("ok\n");
    } catch (error) {
      const [status, message] = error instanceof Refusal ? [error.status, error.message] : [500, String(error)];
      return new Response(`${message}\n`, { status });
    }
  }

  async #read(request: Request): Promise<Assignment> {
    let body;
    try {
      body = JSON.parse(await textOf(request));
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(400, "The assignment is not JSON.");
    }
    const { name, uid, subsets: given = [], files = {} } = Object(body);
    const subsets = subsetsOf(given);
    if (typeof name !== "string" || !name || typeof uid !== "string" || !uid || subsets === undefined) {
      throw new Refusal(400, "The assignment is not JSON with name, uid, subsets and files.");
    }
    const texts = Object.entries(Object(files));
    for (const [path, text] of texts) {
      // A name in that very directory.
      if (this.#lake === undefined || join(this.#lake, basename(path)) !== path || typeof text !== "string") {
        throw new Refusal(400, `The file ${JSON.stringify(path)} is not in the lake's directory.`);
      }
    }
    return { uid, view: { name, subsets }, files: texts as [string, string][] };
  }

  async #take({ uid, view, files }: Assignment): Promise<void> {
    if (this.#view !== undefined && this.#view !== uid) throw new Refusal(409, "This pod is another view.");
    this.#view = uid;
    for (const [path, text] of files) await replaceFile(path, text);
    this.#handler ??= await this.#serve(view);
  }
}

/** The pod of a warm pool that the environment describes; undefined where it names a view, or no pod. */
export function poolPodOf(get: Get, serve: (view: View) => Promise<Handler>): PoolPod | undefined {
  const [uid, config] = [get("VIEW_POD_UID"), get("AWS_CONFIG_FILE")];
  if (get("VIEW_NAME") || !uid) return undefined;
  return new PoolPod(uid, config ? dirname(config) : undefined, serve);
}

function equal(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => new TextEncoder().encode(text));
  return left!.length === right!.length && timingSafeEqual(left!, right!);
}

async function textOf(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let [text, length] = ["", 0];
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > LONGEST) throw new Refusal(400, `The assignment is longer than ${LONGEST} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Writes a file whole: who reads it sees the old or the new text, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = await Deno.makeTempFile({ dir: dirname(path), prefix: ".new-" });
  try {
    await Deno.writeTextFile(next, text);
    // As the kubelet mounts a view's Secret.
    await Deno.chmod(next, 0o444);
    await Deno.rename(next, path);
  } catch (error) {
    await Deno.remove(next);
    throw error;
  }
}

import { dirname } from "node:path";
import { GrpcServer, type ServedMethod } from "../../grpc/grpc_server.ts";
import { socketsIn } from "../sockets.ts";
import type { Resource } from "../../proto/resource.ts";
import { removeSocket } from "../../http/socket.ts";
import { AdsServer } from "../../xds/ads_server.ts";

/** Answers a Check; an error is a 500, by which Envoy knows that the sidecar has failed. */
export type Check = (request: Request, hungUp: AbortSignal) => Promise<Response>;

/** The sidecar as Envoy sees it: its xDS server, and an ext_authz whose every answer is the test's. */
export class FakeControlPlane {
  readonly #socket: string;
  readonly #check: Check;
  readonly #more: readonly ServedMethod[];
  readonly #resources = new Map<string, Resource>();
  #ads: AdsServer | undefined;
  #grpc: GrpcServer | undefined;
  #authorization: { readonly server: Deno.HttpServer; readonly crash: AbortController } | undefined;

  constructor(socket: string, check: Check, more: readonly ServedMethod[] = []) {
    this.#socket = socket;
    this.#check = check;
    this.#more = more;
  }

  async start(): Promise<void> {
    const ignore = () => {};
    const ads = new AdsServer({
      observer: { onUpdate: ignore, onAck: ignore, onNack: ignore },
      log: { info: ignore, warn: ignore, error: ignore },
      now: Date.now,
    });
    ads.publish({ set: [...this.#resources.values()], removed: [] });
    ads.start();
    this.#ads = ads;
    this.#grpc = await GrpcServer.listen(this.#socket, [
      ads.served,
      ...this.#more,
    ]);
    const path = socketsIn(dirname(this.#socket)).authorization;
    await removeSocket(path);
    const crash = new AbortController();
    const server = Deno.serve(
      { path, signal: crash.signal, onListen: () => {}, onError: failed },
      (request) => this.#check(request, request.signal),
    );
    this.#authorization = { server, crash };
  }

  /** As a crash does: every connection is cut. */
  async stop(): Promise<void> {
    this.#ads?.stop();
    this.#authorization?.crash.abort();
    await this.#grpc?.stop(0);
    await this.#authorization?.server.finished;
    this.#ads = this.#grpc = this.#authorization = undefined;
  }

  /** Resolves when Envoy has ACKed; rejects with the reason where it refuses. */
  async publish(resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) this.#resources.set(key(resource), resource);
    this.#ads?.publish({ set: resources, removed: [] });
    const signal = AbortSignal.timeout(10_000);
    await Promise.all(resources.map(({ type, name, version }) => this.#ads?.untilAcked(type, name, version, signal)));
  }

  /** What a part of the sidecar publishes by itself. */
  get xds(): AdsServer {
    if (this.#ads === undefined) throw new Error("The control plane is not started.");
    return this.#ads;
  }

  remove(resources: readonly Resource[]): void {
    for (const resource of resources) this.#resources.delete(key(resource));
    this.#ads?.publish({ set: [], removed: resources });
  }
}

const key = ({ type, name }: Resource) => `${type} ${name}`;

function failed(): Response {
  return new Response(null, { status: 500 });
}

import { envoy } from "../../gen/envoy.js";
import { GrpcServer, type Served } from "../../grpc/grpc_server.ts";
import { unary } from "../../grpc/method.ts";
import { unaryHandler } from "../../grpc/unary_handler.ts";
import type { Resource } from "../../proto/resource.ts";
import { AdsServer } from "../../xds/ads_server.ts";

const { CheckRequest, CheckResponse } = envoy.service.auth.v3;
type CheckRequest = envoy.service.auth.v3.CheckRequest;
type CheckResponse = envoy.service.auth.v3.ICheckResponse;

/** Answers a Check; an error ends the call with an error. */
export type Check = (request: CheckRequest, hungUp: AbortSignal) => Promise<CheckResponse>;

const CHECK = { path: "/envoy.service.auth.v3.Authorization/Check", request: CheckRequest, response: CheckResponse };

/** The sidecar as Envoy sees it: its xDS server, and an ext_authz whose every answer is the test's. */
export class ControlPlane {
  readonly #socket: string;
  readonly #check: Check;
  readonly #more: readonly Served[];
  readonly #resources = new Map<string, Resource>();
  #ads: AdsServer | undefined;
  #grpc: GrpcServer | undefined;

  constructor(socket: string, check: Check, more: readonly Served[] = []) {
    this.#socket = socket;
    this.#check = check;
    this.#more = more;
  }

  async start(): Promise<void> {
    const ignore = () => {};
    const ads = new AdsServer({
      observer: { onUpdate: ignore, onAck: ignore, onNack: ignore },
      log: { info: ignore, warn: ignore, error: ignore },
    });
    ads.publish({ set: [...this.#resources.values()], removed: [] });
    ads.start();
    this.#ads = ads;
    this.#grpc = await GrpcServer.listen(this.#socket, [
      ads.served,
      { method: unary(CHECK), handler: unaryHandler(this.#check) },
      ...this.#more,
    ]);
  }

  /** As a crash does: every connection is cut. */
  async stop(): Promise<void> {
    this.#ads?.stop();
    await this.#grpc?.stop(0);
    this.#ads = this.#grpc = undefined;
  }

  /** Resolves when Envoy has ACKed; rejects with the reason where it refuses. */
  async publish(resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) this.#resources.set(key(resource), resource);
    this.#ads?.publish({ set: resources, removed: [] });
    const signal = AbortSignal.timeout(10_000);
    await Promise.all(resources.map(({ type, name, version }) => this.#ads?.untilAcked(type, name, version, signal)));
  }

  remove(resources: readonly Resource[]): void {
    for (const resource of resources) this.#resources.delete(key(resource));
    this.#ads?.publish({ set: [], removed: resources });
  }
}

const key = ({ type, name }: Resource) => `${type} ${name}`;

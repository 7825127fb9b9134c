import { join } from "node:path";
import { EnvoyProcess } from "../../../test/envoy/envoy_process.ts";
import type { ServedMethod } from "../../grpc/grpc_server.ts";
import { DENIAL_HEADER, PASS_HEADER } from "../names.ts";
import { constantResources, viewResources } from "../resources.ts";
import type { ViewEndpoints } from "../endpoints.ts";
import type { EnvoySettings } from "../settings.ts";
import { socketsIn } from "../sockets.ts";
import { envoyBootstrap } from "./bootstrap.ts";
import { viewTokenFilter } from "../view_token_filter.ts";
import { type Check, FakeControlPlane } from "./control_plane.ts";
import { type HttpAnswer, type HttpRequest, sendRequest } from "./http_client.ts";

export const TOKEN = "c2VjcmV0LXRva2VuLW9mLXRoaXMtdGVzdA";

export interface GatewayOptions {
  readonly settings?: Partial<EnvoySettings>;
  /** The public keys of views' cookies. With them, people sign in. */
  readonly jwks?: string;
  /** Answers each Check. Default: every request passes. */
  readonly check?: Check;
  readonly concurrency?: number;
  /** A command that runs Envoy, and measures it. */
  readonly under?: readonly string[];
  /** Answers requests to the base host. Default: with what was asked. */
  readonly base?: (request: Request) => Response | Promise<Response>;
  /** What else the sidecar serves Envoy. */
  readonly served?: readonly ServedMethod[];
}

/** The real Envoy with the bootstrap of gateway/base, the constant resources, and a control plane of the test's. */
export class Gateway implements AsyncDisposable {
  readonly envoy: EnvoyProcess;
  readonly controlPlane: FakeControlPlane;
  readonly settings: EnvoySettings;
  readonly port: number;
  readonly probesPort: number;
  readonly #pages: Deno.HttpServer;

  private constructor(
    made: Pick<Gateway, "envoy" | "controlPlane" | "settings" | "port" | "probesPort">,
    pages: Deno.HttpServer,
  ) {
    this.envoy = made.envoy;
    this.controlPlane = made.controlPlane;
    this.settings = made.settings;
    this.port = made.port;
    this.probesPort = made.probesPort;
    this.#pages = pages;
  }

  static async start(
    { settings: given = {}, jwks, check = passes, concurrency = 1, base = echo, served = [], under }: GatewayOptions =
      {},
  ): Promise<Gateway> {
    const socketDirectory = await Deno.makeTempDir({ prefix: "gateway-" });
    const settings: EnvoySettings = {
      accessLog: false,
      authentication: jwks === undefined ? "none" : "kubernetes",
      baseHost: "localhost",
      contact: "",
      heldBytesInAll: 384 << 20,
      holdSeconds: 30,
      listenAddress: "127.0.0.1",
      listenPort: 0,
      probeMethod: "",
      probePath: "",
      probeUserAgent: "kube-probe/.*",
      requestBodyBufferLimitBytes: 8 << 20,
      sessionSeconds: 43_200,
      socketDirectory,
      xffNumTrustedHops: 0,
      gateToken: TOKEN,
      ...given,
    };
    const controlPlane = new FakeControlPlane(socketsIn(socketDirectory).grpc, check, served);
    await controlPlane.publish([
      ...jwks === undefined ? [] : [viewTokenFilter(jwks)],
      ...constantResources(settings),
    ]);
    await controlPlane.start();
    const pages = Deno.serve(
      { path: socketsIn(socketDirectory).http, onListen: () => {} },
      (request) => {
        const denial = request.headers.get(DENIAL_HEADER);
        return denial === null ? base(request) : denied(denial);
      },
    );
    const bootstrap = await envoyBootstrap(socketDirectory);
    const envoy = await EnvoyProcess.start({ bootstrap, concurrency, ...under && { under } });
    try {
      await envoy.ready(under === undefined ? undefined : 180_000);
      const admin = (await envoy.configDump()).configs.map((config) => config as BootstrapDump)
        .find(({ bootstrap }) => bootstrap)?.bootstrap?.admin.address.pipe.path;
      await Deno.symlink(admin!, join(socketDirectory, "admin.sock"));
      return new Gateway({
        ...{ envoy, controlPlane, settings },
        port: await envoy.port("public"),
        probesPort: await envoy.port("probes"),
      }, pages);
    } catch (error) {
      await stop({ envoy, controlPlane, settings }, pages);
      throw error;
    }
  }

  /** Publishes a view's pods to Envoy. */
  async view(name: string, endpoints: Partial<Omit<ViewEndpoints, "name">> = {}): Promise<void> {
    const view = { name, serving: [], draining: [], ...endpoints };
    await this.controlPlane.publish(viewResources(view, this.settings));
  }

  /** Makes Envoy forget a view. */
  async forget(name: string): Promise<void> {
    this.controlPlane.remove(viewResources({ name, serving: [], draining: [] }, this.settings));
    await this.envoy.until(`${name} is gone`, async () => !(name in await this.envoy.clusters()));
  }

  /** Sends a request to the public listener. */
  ask(host: string, options: Omit<HttpRequest, "host" | "port"> = {}): Promise<HttpAnswer> {
    return sendRequest({ host, port: this.port, ...options });
  }

  /** How many requests have come to the gate listener. */
  gateRequests(): Promise<number> {
    return this.envoy.stat("http.gate.downstream_rq_total");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this, this.#pages);
  }
}

function echo(request: Request): Response {
  return new Response(`sidecar ${request.method} ${new URL(request.url).pathname}`, {
    headers: { "x-seen": JSON.stringify(Object.fromEntries(request.headers)) },
  });
}

async function stop(
  { envoy, controlPlane, settings }: Pick<Gateway, "envoy" | "controlPlane" | "settings">,
  pages: Deno.HttpServer,
): Promise<void> {
  await envoy.stop();
  await controlPlane.stop();
  await pages.shutdown();
  await Deno.remove(settings.socketDirectory, { recursive: true });
}

interface BootstrapDump {
  readonly bootstrap?: { readonly admin: { readonly address: { readonly pipe: { readonly path: string } } } };
}

/** Lets a request pass, as the sidecar does. */
export const passes: Check = (request) => Promise.resolve(pass(request));

export function pass(request: Request): Response {
  return new Response(null, { headers: { [PASS_HEADER]: String(passesOf(request) + 1) } });
}

/** How often a request has passed the gate. */
export function passesOf(request: Request): number {
  return Number(request.headers.get(PASS_HEADER) ?? 0);
}

/** Has the request answered by the sidecar's pages. */
export function deny(status: number, body: string): Response {
  return new Response(null, { headers: { [DENIAL_HEADER]: `${TOKEN}.${JSON.stringify({ status, body })}` } });
}

function denied(denial: string): Response {
  const { status, body } = JSON.parse(denial.slice(TOKEN.length + 1));
  return new Response(body, { status, headers: { "content-type": "application/problem+json" } });
}

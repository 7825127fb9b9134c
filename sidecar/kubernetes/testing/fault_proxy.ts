import { KubeConfig } from "@kubernetes/client-node";
import { credentialsOf } from "../credentials.ts";

/** Responds to a request in place of the API server; `forward` sends the request on, to this or another URL. */
export type Intercept = (
  url: URL,
  forward: (url: URL) => Promise<Response>,
  method: string,
) => Promise<Response>;

/** An HTTP proxy in front of the API server, by which a test injects faults. */
export interface FaultProxy extends AsyncDisposable {
  /** A configuration with the proxy's address. */
  readonly load: () => KubeConfig;
}

export async function faultProxy(config: KubeConfig, intercept: Intercept): Promise<FaultProxy> {
  const { server, headers, tls } = await credentialsOf(config);
  const client = Deno.createHttpClient({
    ...(tls.caCerts && { caCerts: tls.caCerts }),
    ...tls.certificate,
    http2: false,
  });
  const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, (request) => {
    const { pathname, search } = new URL(request.url);
    const forward = ({ pathname, search }: URL) =>
      fetch(server + pathname + search, {
        method: request.method,
        body: request.body,
        headers: { ...headers, "content-type": request.headers.get("content-type") ?? "application/json" },
        client,
      });
    return intercept(new URL(pathname + search, "http://kubernetes"), forward, request.method).catch((error) =>
      new Response(String(error), { status: 502 })
    );
  });
  return {
    load: () => plain(`http://127.0.0.1:${proxy.addr.port}`),
    async [Symbol.asyncDispose]() {
      await proxy.shutdown();
      client.close();
    },
  };
}

export function plain(server: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "proxy", server, skipTLSVerify: true }, { name: "test" });
  return config;
}

export function isWatch(url: URL): boolean {
  return url.searchParams.get("watch") === "true";
}

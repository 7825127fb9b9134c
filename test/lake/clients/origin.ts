import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Gives a hostname of the gateway's an origin of its own, for clients that look a hostname up: not every machine knows
 * what is below `localhost`. Passes on what a client sends, but for `Host`.
 */
export async function originOf(host: string, port: number): Promise<Origin> {
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, host };
    const call = request({ host: "127.0.0.1", port, path: asked.url, method: asked.method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    call.on("error", () => answer.destroy());
    asked.pipe(call);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

export interface Origin extends AsyncDisposable {
  readonly url: string;
}

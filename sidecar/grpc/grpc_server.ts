/** This folder serves gRPC methods on Unix sockets. */
import { type MethodDefinition, Server, ServerCredentials, type UntypedHandleCall } from "@grpc/grpc-js";
import { aborted } from "../async/aborted.ts";
import { Deadline } from "../async/deadline.ts";
import { removeSocket } from "../http/socket.ts";

/** A method and what serves it. */
export interface ServedMethod {
  // deno-lint-ignore no-explicit-any -- each method has its own types; `served` checks that they fit its handler
  readonly method: MethodDefinition<any, any>;
  readonly handler: UntypedHandleCall;
}

/** One gRPC server on one unix socket. */
export class GrpcServer {
  readonly #server: Server;
  readonly #path: string;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /** Listens on a socket's path. Removes a socket that an earlier process left there. */
  static async listen(path: string, methods: readonly ServedMethod[]): Promise<GrpcServer> {
    const server = new Server(OPTIONS);
    for (const { method, handler } of methods) server.addService({ [method.path]: method }, { [method.path]: handler });
    await removeSocket(path);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => error ? reject(error) : resolve());
    await promise;
    return new GrpcServer(server, path);
  }

  /** Takes no more calls and waits for the open ones. Ends these after this many milliseconds. */
  async stop(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    using limit = new Deadline([], milliseconds);
    this.#server.tryShutdown(() => resolve());
    await Promise.race([promise, aborted(limit.signal)]);
    if (limit.passed) this.#server.forceShutdown();
    await removeSocket(this.#path);
  }
}

/**
 * The client is the gateway's own Envoy. It holds thousands of calls at a time while views start. When it reconnects with
 * 10,000 views, one message names them all.
 */
const OPTIONS = {
  "grpc.max_concurrent_streams": 100_000,
  "grpc.max_receive_message_length": 64 << 20,
  "grpc.max_send_message_length": -1,
  // Without channelz grpc-js does not track its connections, and a forced shutdown leaves them and their calls open.
  "grpc.enable_channelz": 1,
};

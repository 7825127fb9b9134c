/** A gRPC client for tests, of the methods that the sidecar serves. */
import { Client, type ClientDuplexStream, credentials, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";

export class GrpcClient implements Disposable {
  readonly #client: Client;

  /** @param socket path of the unix socket */
  constructor(socket: string) {
    this.#client = new Client(`unix:${socket}`, credentials.createInsecure());
  }

  /** Calls a unary method; rejects with a ServiceError. The signal cancels the call. */
  call<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const done = (error: ServiceError | null, response?: Response) => error ? reject(error) : resolve(response!);
    const call = this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, done);
    signal?.addEventListener("abort", () => call.cancel(), { once: true });
    return promise;
  }

  stream<Request, Response>(method: MethodDefinition<Request, Response>): ClientDuplexStream<Request, Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

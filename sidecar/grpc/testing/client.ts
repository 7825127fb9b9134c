/** A gRPC client for tests, of the methods that the sidecar serves. */
import { Client, type ClientDuplexStream, credentials, type MethodDefinition } from "@grpc/grpc-js";

export class GrpcClient implements Disposable {
  readonly #client: Client;

  /** @param socket path of the unix socket */
  constructor(socket: string) {
    this.#client = new Client(`unix:${socket}`, credentials.createInsecure());
  }

  /** The first response to one request; rejects with a ServiceError. */
  call<Request, Response>(method: MethodDefinition<Request, Response>, request: Request): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const stream = this.stream(method);
    stream.on("data", resolve);
    stream.on("error", reject);
    stream.end(request);
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

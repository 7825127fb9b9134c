import { Buffer } from "node:buffer";
import type { MethodDefinition } from "@grpc/grpc-js";
import type { Reader, Writer } from "protobufjs/minimal.js";

/** A generated message class: `In` is what it encodes, `Out` what it decodes. */
export interface Message<In, Out> {
  encode(message: In): Writer;
  decode(bytes: Reader | Uint8Array): Out;
}

/** One method of a gRPC service, as its server sees it: it takes `Request` and answers `Response`. */
export interface Method<RequestIn, Request, Response, ResponseOut> {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly request: Message<RequestIn, Request>;
  readonly response: Message<Response, ResponseOut>;
}

/** A method with any number of requests and responses. */
export function bidirectional<RI, R, S, SO>({ path, request, response }: Method<RI, R, S, SO>): MethodDefinition<R, S> {
  const server = {
    path,
    requestStream: true,
    responseStream: true,
    requestDeserialize: (data: Uint8Array): R => request.decode(data),
    responseSerialize: (message: S): Buffer => bytes(response.encode(message)),
  };
  // A client of the method encodes and decodes the other way round; grpc-js has one type for both sides.
  const client = {
    requestSerialize: (message: RI) => bytes(request.encode(message)),
    responseDeserialize: (data: Uint8Array) => response.decode(data),
  };
  return { ...server, ...client } as unknown as MethodDefinition<R, S>;
}

function bytes(writer: Writer): Buffer {
  const encoded = writer.finish();
  return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
}

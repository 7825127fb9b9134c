/**
 * A program that serves gRPC on the socket that it is given, until its standard input ends: a method that answers after
 * a moment, and a stream that says back what it is told. A test runs it by itself, to see whether it survives.
 */
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { setTimeout as pause } from "node:timers/promises";
import { GrpcServer } from "../grpc_server.ts";
import { unaryHandler } from "../unary_handler.ts";
import { type Answered, ASK, type Asked, hostOf, saying, TALK } from "./methods.ts";

const [socket = ""] = Deno.args;
let answered = 0;
const server = await GrpcServer.listen(socket, [
  {
    method: ASK,
    handler: unaryHandler(async (asked: Asked) => {
      await pause(answered++ % 20);
      return saying(hostOf(asked));
    }),
  },
  {
    method: TALK,
    handler: (call: ServerDuplexStream<Asked, Answered>) => {
      call.on("data", (asked: Asked) => call.write(saying(hostOf(asked))));
      call.on("end", () => call.end());
      call.on("error", () => {});
    },
  },
]);
console.log("listening");
for await (const _ of Deno.stdin.readable) { /* until its end */ }
await server.stop(1_000);
console.log("stopped");

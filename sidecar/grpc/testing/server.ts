/**
 * A program that serves gRPC on the socket that it is given, until its standard input ends: a method that says back, after
 * a moment, what it is told. A test runs it by itself, to see whether it survives.
 */
import { setTimeout as pause } from "node:timers/promises";
import { GrpcServer } from "../grpc_server.ts";
import { answering } from "./methods.ts";

const [socket = ""] = Deno.args;
let asked = 0;
const server = await GrpcServer.listen(socket, [
  answering(async (said) => {
    await pause(asked++ % 20);
    return said;
  }),
]);
console.log("listening");
for await (const _ of Deno.stdin.readable) { /* until its end */ }
await server.stop(1_000);
console.log("stopped");

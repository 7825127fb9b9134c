/**
 * A program that serves one gRPC method on a socket, until its standard input ends. The method returns its request after
 * a moment. A test runs the program in a process of its own, to see whether it survives.
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

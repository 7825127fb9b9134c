/**
 * A program that serves ext_proc on the socket that it is given, until its standard input ends, with credentials that are
 * nobody's. A test runs it by itself, to see whether it survives.
 */
import { setTimeout as pause } from "node:timers/promises";
import { GrpcServer } from "../../grpc/grpc_server.ts";
import type { ViewState } from "../../view/state.ts";
import { ExtProcService } from "../ext_proc_service.ts";
import { SessionCredentials } from "../session_credentials.ts";
import { lakeSettings } from "./settings.ts";

const [socket = ""] = Deno.args;
let asked = 0;
const credentials = new SessionCredentials({ accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" }, 0, 1e15);
const view = { name: "sales", uid: "1", spec: { subsets: [{ bucket: "lake" }] } } as unknown as ViewState;
const service = new ExtProcService({
  views: { get: () => view },
  vending: {
    credentials: async () => {
      await pause(asked++ % 20);
      return { kind: "ready", credentials };
    },
  },
  settings: lakeSettings("http://127.0.0.1:9"),
  baseHost: "localhost",
  gateToken: "token",
  now: Date.now,
});
const server = await GrpcServer.listen(socket, [service.served]);
console.log("listening");
for await (const _ of Deno.stdin.readable);
await server.stop(1_000);
console.log(`stopped after ${asked}`);

/** Takes traces as OTLP sends them over HTTP, and gives them to Zipkin, which does not know OTLP. */
import { Command } from "commander";
import { interruptible } from "../process/interruptible.ts";
import { TraceReceiver } from "./trace_receiver.ts";
import type { ZipkinSpan } from "./zipkin_spans.ts";

/** How many milliseconds Zipkin may take. */
const LIMIT = 5_000;

async function receive(listen: string, zipkin: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(`http://${listen}`);
  const receiver = new TraceReceiver((spans, signal) => send(zipkin, spans, signal));
  const server = Deno.serve({ hostname, port: Number(port), signal }, (request) => receiver.answer(request));
  await server.finished;
}

async function send(zipkin: string, spans: readonly ZipkinSpan[], signal: AbortSignal): Promise<void> {
  const answer = await fetch(new URL("/api/v2/spans", zipkin), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(spans),
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Zipkin answers ${answer.status} ${text}`);
}

const [listen, zipkin] = new Command("traces")
  .description("Takes traces as OTLP sends them over HTTP, and gives them to Zipkin.")
  .argument("<listen>", "HOST:PORT where it listens")
  .argument("<zipkin>", "URL of Zipkin")
  .parse(Deno.args, { from: "user" }).args;
await interruptible((signal) => receive(listen!, zipkin!, signal));

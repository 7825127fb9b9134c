/**
 * A collector of traces as a program: `main.ts ADDRESS`. It prints its URL, and then each span as a line of JSON, with
 * times in nanoseconds as text. It ends with its standard input.
 */
import { OtlpCollector } from "./otlp_collector.ts";

const [hostname = "127.0.0.1"] = Deno.args;
await using collector = new OtlpCollector({
  hostname,
  onSpans: (spans) => {
    for (const span of spans) {
      console.log(JSON.stringify(span, (_name, value) => typeof value === "bigint" ? String(value) : value));
    }
  },
});
console.log(collector.endpoint);
for await (const _ of Deno.stdin.readable);

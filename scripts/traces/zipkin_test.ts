import { deepEqual, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { thereIsJava } from "../needs/java_version.ts";
import { zipkinCommand } from "../packages/zipkin.ts";
import { freePort } from "../process/free_port.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { until } from "../process/until.ts";

const ignore = !await thereIsJava();
if (ignore) console.log("There is no Java: the test with Zipkin is skipped.");

/** A program that runs until the end of the scope. */
function running([command, ...args]: readonly [string, ...string[]]): AsyncDisposable {
  const child = new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** The answer of a program, which may be about to start. */
async function answered(url: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response | undefined;
  await until(`${url} answers`, async () => {
    answer = await fetch(url, init).catch(() => undefined);
    if (answer?.ok) return true;
    await answer?.body?.cancel();
    return false;
  }, { milliseconds: 120_000 });
  return answer!;
}

Deno.test({ name: "a trace in OTLP comes to Zipkin, which finds and shows it", ignore }, async () => {
  await using directory = await temporaryDirectory();
  const [port, receiverPort] = [freePort(), freePort()];
  const [zipkin, receiver] = [port, receiverPort].map((port) => `http://127.0.0.1:${port}`);
  await using _zipkin = running(await zipkinCommand({ hostname: "127.0.0.1", port, directory: directory.path }));
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const allowed = ["--allow-net", "--allow-read", "--allow-env", "--allow-sys", "--unstable-no-legacy-abort"];
  await using _receiver = running([Deno.execPath(), "run", ...allowed, main, `127.0.0.1:${receiverPort}`, zipkin!]);

  const now = Date.now();
  const [traceId, gate, hold] = ["5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", "eee19b7ec3c1b175"];
  const times = { startTimeUnixNano: `${now}000000`, endTimeUnixNano: `${now + 1}500000` };
  const spans = [
    { traceId, spanId: gate, name: "gate", kind: 2, ...times },
    {
      traceId,
      spanId: hold,
      parentSpanId: gate,
      name: "hold",
      kind: 1,
      ...times,
      status: { code: 2, message: "lost" },
    },
  ];
  const attributes = [{ key: "service.name", value: { stringValue: "view-gateway" } }];
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] });
  const headers = { "content-type": "application/json" };
  // The receiver answers 503 until Zipkin takes spans.
  await (await answered(`${receiver}/v1/traces`, { method: "POST", headers, body })).body?.cancel();

  const common = { traceId, timestamp: now * 1_000, duration: 1_500, localEndpoint: { serviceName: "view-gateway" } };
  const kept = [
    { ...common, id: gate, kind: "SERVER", name: "gate", tags: {} },
    { ...common, id: hold, parentId: gate, name: "hold", tags: { "otel.status_code": "ERROR", error: "lost" } },
  ];
  type Kept = readonly Readonly<Record<string, unknown>>[];
  const found: Kept = await (await answered(`${zipkin}/api/v2/trace/${traceId}`)).json();
  // Zipkin leaves out a member that is empty.
  deepEqual(found.map((span) => ({ ...span, tags: span.tags ?? {} })), kept);
  const page = await answered(`${zipkin}/zipkin/`);
  match(page.headers.get("content-type")!, /^text\/html/);
  await page.body?.cancel();
});

import { deepEqual, equal } from "node:assert/strict";
import type { Judgement } from "./certificate.ts";
import { CertificateWatch } from "./certificate_watch.ts";

/** A watch that finds each of these judgements in turn, and what it says. */
function watching(...judgements: readonly Judgement[]) {
  const said: string[] = [];
  const left = [...judgements];
  const say = (level: string) => (message: string, properties: Record<string, unknown>) => {
    said.push(`${level}: ${message.replace(/\{(\w+)\}/g, (_, name) => String(properties[name]))}`);
  };
  const watch = new CertificateWatch({
    judge: () => Promise.resolve(left.shift()!),
    now: () => 1_000_000,
    pause: () => Promise.reject(new Error("no pause")),
    log: { info: say("info"), warn: say("warn") },
  });
  return { watch, said };
}

const lasting = (serialNumber: string, seconds: number): Judgement => ({
  certificate: { serialNumber, validTo: 1_000_000 + seconds * 1000 },
  problems: [],
});

Deno.test("a renewal is told once, with the day on which the certificate ends", async () => {
  const { watch, said } = watching(lasting("A", 60), lasting("A", 60), lasting("B", 120));
  for (const seconds of [60, 60, 120]) {
    await watch.look();
    equal(watch.secondsLeft, seconds);
  }
  deepEqual(said, [
    "info: The certificate is valid until 1970-01-01T00:17:40.000Z",
    "info: The certificate is valid until 1970-01-01T00:18:40.000Z",
  ]);
});

Deno.test("a renewal that Envoy does not take leaves the former certificate, and one warning for each problem", async () => {
  const broken = { problems: ["tls.key is not the key", "tls.crt is not for views.test"] };
  const { watch, said } = watching(lasting("A", 60), broken, broken, lasting("B", 90));
  await watch.look();
  await watch.look();
  await watch.look();
  deepEqual([watch.secondsLeft, watch.problems.length], [60, 2]);
  await watch.look();
  deepEqual([watch.secondsLeft, watch.problems.length], [90, 0]);
  const warnings = said.filter((line) => line.startsWith("warn"));
  const former = "warn: The certificate in TLS_DIRECTORY cannot be used, and Envoy keeps the former one: ";
  deepEqual(warnings, broken.problems.map((problem) => former + problem));
});

Deno.test("a renewal that Envoy takes and clients refuse is what clients get, and a warning", async () => {
  const { watch, said } = watching(lasting("A", 60), { ...lasting("B", -5), problems: ["tls.crt has expired"] });
  await watch.look();
  await watch.look();
  equal(watch.secondsLeft, -5);
  equal(said.at(-1), "warn: Clients refuse the certificate in TLS_DIRECTORY: tls.crt has expired");
});

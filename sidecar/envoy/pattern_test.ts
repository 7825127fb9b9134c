import { equal, match } from "node:assert/strict";
import { Gateway } from "./testing/gateway.ts";
import { patternProblem } from "./pattern.ts";

const words = (count: number) => Array.from({ length: count }, (_, i) => `agent-${i}-x`).join("|");

Deno.test("a pattern is refused for what RE2 has none of, though a browser's regular expressions may", () => {
  for (const pattern of ["(", "(?=a)", "(?<!a)b", "(?>a)", "(a)\\1", "a{2000}", "a**", "\\Z"]) {
    equal(typeof patternProblem(pattern), "string", pattern);
  }
  for (
    const pattern of ["", "/up", "(GET|HEAD)", ".*\\bx/[0-9]+", "(?i)probe", "(?P<name>a)", "[[:alpha:]]+", "\\pL"]
  ) {
    equal(patternProblem(pattern), undefined, pattern);
  }
  match(patternProblem(words(2_000))!, /^its program has [0-9]+ instructions, and 5000 are possible$/);
});

Deno.test("a pattern that is as large as it may be, Envoy takes", async () => {
  let count = 100;
  while (patternProblem(words(count + 20)) === undefined) count += 20;
  await using gateway = await Gateway.start({ settings: { probeUserAgent: words(count) } });
  const answer = await gateway.ask("asleep.localhost", { headers: { "user-agent": `agent-${count - 1}-x` } });
  equal(answer.body, "sidecar GET /");
});

/**
 * The watches of several gateways in one process: `watching_gateways.ts COUNT NAMESPACE`. Each has the sidecar's own
 * reflectors and snapshot. It prints a line of JSON when all know all views, and one for each gateway that hears of a
 * Service named `marker-…`. A line on standard input is answered with the counts of lists and failures.
 */
import { createInterface } from "node:readline";
import { stdin } from "node:process";
import { systemTime } from "../../../sidecar/async/time.ts";
import { Kubernetes } from "../../../sidecar/kubernetes/kubernetes.ts";
import { derive } from "../../../sidecar/view/derive.ts";
import type { ViewState } from "../../../sidecar/view/state.ts";

const [count, namespace] = [Number(Deno.args[0]), Deno.args[1]!];
const say = (line: object) => console.log(JSON.stringify(line));
const bounds = { idleSeconds: 900, minIdleSeconds: 10, maxIdleSeconds: 86_400, maxLifetimeSeconds: 31_536_000 };

const gateways = Array.from({ length: count }, () =>
  new Kubernetes<ViewState>({
    namespace,
    selector: "view.yolean.se/name",
    bounds,
    templates: { configMap: "view-gateway-templates", defaultName: "default" },
    derive: (objects, previous) => derive(objects, previous),
    onProblem: (message) => console.error(message),
    time: systemTime,
  }));
const endless = new AbortController().signal;
const running = gateways.map((gateway) => gateway.run(endless));
await Promise.all(gateways.map(({ views }) => views.until("view-0", (state) => state !== undefined, endless)));
say({ synced: count });
for (const { views } of gateways) {
  views.subscribe((name, after, before) => {
    if (name.startsWith("marker-") && after !== undefined && before === undefined) say({ heard: name, at: Date.now() });
  });
}
createInterface({ input: stdin }).on("line", () => {
  const counters = gateways.flatMap(({ health: { watches } }) => Object.values(watches)).map(({ counters }) =>
    counters
  );
  const sum = (of: "lists" | "failures" | "watches") => counters.reduce((sum, one) => sum + one[of], 0);
  say({ lists: sum("lists"), failures: sum("failures"), watches: sum("watches") });
});
await Promise.all(running);

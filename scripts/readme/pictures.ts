/** Takes the README's pictures of the running demo. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { nodeStatus } from "../cluster/node/node.ts";
import { freshView } from "../demo/fresh_view.ts";
import { LocalGateway } from "../demo/local_gateway.ts";
import { demoToken } from "../deploy/demo_token.ts";
import { kubectlFor } from "../deploy/kubectl.ts";
import { DEMO_NAMESPACES } from "../deploy/namespaces.ts";
import { MissingError } from "../needs/missing_error.ts";
import { requireNeeds } from "../needs/needs.ts";
import { runCommand } from "../process/command.ts";
import { interruptible } from "../process/interruptible.ts";
import { step } from "../process/step.ts";
import { taskCommand } from "../process/task_command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** Where the demo is. */
const PORT = 8080;

/**
 * Milliseconds that Chromium may take for a picture. Where the view wakes meanwhile, Chromium may hang, or show the view
 * in waiting.png: look at it, and take it again.
 */
const LIMIT = 30_000;

const WINDOW = "--window-size=1200,720";

/** A page of which a picture is taken once it has loaded, and `settles` milliseconds later by its own clock. */
interface Picture {
  readonly name: string;
  readonly url: string;
  readonly settles?: number;
}

async function pictures(signal: AbortSignal): Promise<void> {
  await requireNeeds("the pictures", { needs: [{ tool: "chromium", purpose: "to take pictures" }] }, signal);
  const { cluster } = await nodeStatus();
  if (cluster === undefined) {
    throw new MissingError(`The demo's cluster is not up. Start it: \`${taskCommand("demo")}\`.`);
  }
  Deno.env.set("KUBECONFIG", cluster.kubeconfig);
  const kubectl = kubectlFor(cluster);
  using gateway = new LocalGateway(PORT, await demoToken(kubectl, DEMO_NAMESPACES, signal));
  const sales = { name: "sales", template: "duckdb", subsets: [{ bucket: "lake", prefix: "sales/2025/" }] };
  await freshView(gateway, kubectl, DEMO_NAMESPACES.views, sales, signal);
  const url = gateway.urlOf(sales.name);
  // The first request finds the view asleep: Chromium gets the page of the start. The second one gets the view's.
  await take({ name: "waiting", url }, signal);
  const awake = await gateway.fetch(gateway.hostOf(sales.name), "/", { signal });
  await awake.body?.cancel();
  await take({ name: "view", url, settles: 10_000 }, signal);
}

async function take({ name, url, settles }: Picture, signal: AbortSignal): Promise<void> {
  const file = fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));
  await using profile = await temporaryDirectory({ prefix: "view-gateway-pictures-" });
  const clock = settles === undefined ? [] : [`--virtual-time-budget=${settles}`];
  await step(`Taking ${name}.png of ${url}`, () =>
    runCommand("chromium", [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--disable-background-networking",
      "--disable-component-update",
      `--user-data-dir=${profile.path}`,
      "--host-resolver-rules=MAP *.localhost 127.0.0.1",
      WINDOW,
      ...clock,
      `--screenshot=${file}`,
      url,
    ], { signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]) }));
}

new Command("pictures")
  .description("Takes the README's pictures of the demo, which must be up, into docs/pictures.")
  .parse(Deno.args, { from: "user" });

await interruptible(pictures);

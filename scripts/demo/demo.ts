/** Starts the gateway on a cluster on this machine, and wakes a first view. */
import type { CreateView } from "@view-gateway/types";
import { Command, InvalidArgumentError } from "commander";
import {
  borrowNode,
  forwardPort,
  isForwarded,
  loadImageOnNode,
  type NodeCluster,
  nodeStatus,
  requireNodeFits,
  stopNode,
} from "../cluster/node/node.ts";
import { AUTHORIZATION_FILE, removeAuthorization, writeAuthorization } from "./authorization_file.ts";
import { deploy, gatewayService, provideImages } from "../deploy/deploy.ts";
import { deployLake, LAKE_OVERLAY } from "../deploy/example_lake.ts";
import { demoTemplates } from "./demo_templates.ts";
import { PROMETHEUS_PORT } from "./demo_metrics.ts";
import {
  endObservation,
  type Observation,
  observationGuide,
  observationNeeds,
  observationPorts,
  observe,
} from "./demo_observation.ts";
import { TRACES_ENVIRONMENT, ZIPKIN_PORT, ZIPKIN_URL } from "./demo_traces.ts";
import { demoToken } from "../deploy/demo_token.ts";
import { DEMO_VIEW } from "./demo_view.ts";
import { firstRows } from "./first_rows.ts";
import { freshView } from "./fresh_view.ts";
import { GATEWAY_IMAGES, gatewayNeeds } from "../needs/gateway_needs.ts";
import { interruptible } from "../process/interruptible.ts";
import { type Kubectl, kubectlFor } from "../deploy/kubectl.ts";
import { LocalGateway } from "./local_gateway.ts";
import { MissingError } from "../needs/missing_error.ts";
import { DEMO_NAMESPACES } from "../deploy/namespaces.ts";
import { requireNeeds } from "../needs/needs.ts";
import { percentile } from "./percentile.ts";
import { signInGuide, startIssuer } from "./demo_issuer.ts";
import { grantRights, ISSUER_IMAGE, ISSUER_PORT } from "../deploy/example_issuer.ts";
import { showOnNode } from "./show_on_node.ts";
import { step } from "../process/step.ts";
import { taskCommand } from "../process/task_command.ts";
import { timedWake } from "./timed_wake.ts";
import { timeline } from "./timeline.ts";
import { untilWarm } from "./until_warm.ts";
import { wakeTrace } from "./wake_trace.ts";
import { warmLatency } from "./warm_latency.ts";

/** The same page, with a warm pool. */
const WARM_VIEW = "hello-warm";
const WARM_TEMPLATE = "default-warm";
const DUCKDB = "sales-2026";
const BROWSER = "sales-browser";
const WARM_REQUESTS = 200;
/** A view has a table for each of its subsets. */
const QUERY =
  "SELECT country, count(*) AS orders, sum(amount) AS amount FROM sales_2026 GROUP BY country ORDER BY amount DESC LIMIT 5";

interface DemoOptions extends Observation {
  readonly port: number;
  /** Whether people sign in at an issuer. */
  readonly signIn?: true;
}

async function up(options: DemoOptions): Promise<void> {
  let complete = false;
  try {
    await interruptible(async (signal) => {
      await start(options, signal);
      complete = true;
    });
  } finally {
    if (!complete && (await nodeStatus()).cluster !== undefined) {
      console.error(`The cluster runs on. Stop it: \`${taskCommand("demo:down")}\`.`);
    }
  }
}

async function start(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const others = [...options.signIn ? [ISSUER_PORT] : [], ...observationPorts(options)];
  if (others.includes(options.port)) {
    throw new MissingError(
      `Port ${options.port} is another program's of the demo. Choose another one for the gateway.`,
    );
  }
  // What looks at the demo from outside runs beside its pods, which k3d does not allow.
  const wanted = options.traces || options.metrics ? { kind: "own" } as const : {};
  await requireNodeFits(wanted);
  const { needs, hint } = await gatewayNeeds(wanted, signal);
  await requireNeeds("the demo", { needs: [...needs, ...observationNeeds(options)], hint }, signal);
  // Before minutes of work, check that the gateway can be reached afterwards. An earlier demo may have the ports.
  for (const port of [options.port, ...others]) {
    if (!await isForwarded(listenAddress(port), signal)) requireFree(port, port === options.port);
  }
  const node = await borrowNode(signal, wanted);
  await showOnNode(node, signal, (cluster) => show(cluster, options, signal));
}

async function show(cluster: NodeCluster, options: DemoOptions, signal: AbortSignal): Promise<void> {
  // The watches and kubectl use this cluster from here on.
  Deno.env.set("KUBECONFIG", cluster.kubeconfig);
  try {
    await showGateway(cluster, options, signal);
  } catch (error) {
    if (signal.aborted) await endObservation();
    throw error;
  }
}

async function showGateway(cluster: NodeCluster, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { port, signIn, traces } = options;
  const kubectl = kubectlFor(cluster);
  const images = await provideImages(
    [...GATEWAY_IMAGES, ...signIn ? [ISSUER_IMAGE] as const : []],
    loadImageOnNode,
    signal,
  );
  const lake = await deployLake(kubectl, images, signal);
  const issuer = signIn ? await startIssuer(kubectl, images, port, signal) : undefined;
  await deploy(kubectl, {
    overlay: LAKE_OVERLAY,
    namespaces: DEMO_NAMESPACES,
    images,
    hosts: lake.hosts,
    templates: await demoTemplates(),
    ...issuer,
    // The timeline reads what the gate logs about each request at this level.
    environment: { ...lake.environment, ...issuer?.environment, ...traces && TRACES_ENVIRONMENT, LOG_LEVEL: "debug" },
  }, signal);
  if (signIn) await grantRights(kubectl, DEMO_NAMESPACES.views, signal);
  await forwardPort(listenAddress(port), await gatewayService(kubectl, DEMO_NAMESPACES, signal), signal);
  const token = await demoToken(kubectl, DEMO_NAMESPACES, signal);
  await writeAuthorization(token);
  using gateway = new LocalGateway(port, token);
  // Before there is a gateway, alerts would fire.
  const pages = await observe(cluster, options, DEMO_NAMESPACES.gateway, signal);
  const woken = Date.now();
  await showViews(gateway, kubectl, signal);
  const host = `${gateway.hostOf(DEMO_VIEW)}:${port}`;
  const trace = traces && await step("Waiting for the traces", () => wakeTrace(ZIPKIN_URL, host, woken, signal));
  console.log(guide(gateway, token, signIn, observationGuide(pages, trace)));
}

async function showViews(gateway: LocalGateway, kubectl: Kubectl, signal: AbortSignal): Promise<void> {
  const fresh = (view: CreateView) => freshView(gateway, kubectl, DEMO_NAMESPACES.views, view, signal);
  await fresh({ name: DEMO_VIEW, subsets: [] });
  await showWake(gateway, kubectl, DEMO_VIEW, "asleep", signal);
  await fresh({ name: WARM_VIEW, template: WARM_TEMPLATE, subsets: [] });
  const warm = () => untilWarm(kubectl, DEMO_NAMESPACES.views, WARM_TEMPLATE, signal);
  await step(`Waiting for a pool pod of template ${WARM_TEMPLATE}`, warm);
  await showWake(gateway, kubectl, WARM_VIEW, "asleep too, but whose template has a warm pool", signal);

  const took = await warmLatency(gateway, DEMO_VIEW, WARM_REQUESTS, signal);
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(took, share).toFixed(1));
  console.log(
    `\nThe next ${WARM_REQUESTS} requests, which Envoy serves alone, one after the other over one connection: ` +
      `p50 ${p50} ms, p99 ${p99} ms\n`,
  );
  const sales = [{ bucket: "lake", prefix: "sales/2026/" }];
  await fresh({ name: DUCKDB, template: "duckdb", subsets: sales });
  await fresh({ name: BROWSER, template: "browser", subsets: sales });
  const started = performance.now();
  const rows = await step(`Waking ${DUCKDB}`, () => firstRows(gateway, DUCKDB, QUERY, signal));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${gateway.urlOf(DUCKDB)}, a DuckDB over lake/sales/2026/, answers its first query in ${seconds} s:\n`);
  console.log(`  ${QUERY}\n\n${rows}\n`);
}

async function showWake(
  gateway: LocalGateway,
  kubectl: Kubectl,
  view: string,
  was: string,
  signal: AbortSignal,
): Promise<void> {
  const moments = await step(`Waking ${view}`, () => timedWake(gateway, kubectl, DEMO_NAMESPACES, view, signal));
  console.log(`\nThe first request for ${gateway.urlOf(view)}, which was ${was}:\n`);
  console.log(timeline(moments));
}

function listenAddress(port: number): string {
  return `127.0.0.1:${port}`;
}

async function down(): Promise<void> {
  await removeAuthorization();
  if (!await stopNode()) console.log("The demo's cluster is not up.");
}

/**
 * @param isChosen whether the user can choose another one
 * @throws MissingError where another program has the port
 */
function requireFree(port: number, isChosen: boolean): void {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new MissingError(
      `Port ${port} of 127.0.0.1 is not free (${error.message}). Stop the program that has it` +
        (isChosen ? `, or choose another port: \`${taskCommand("demo --port PORT")}\`.` : "."),
    );
  }
}

function guide(
  gateway: LocalGateway,
  token: string,
  signIn: DemoOptions["signIn"],
  observation: readonly string[],
): string {
  const [view, base] = [gateway.urlOf(DEMO_VIEW), gateway.urlOf()];
  const [among, beside] = [DEMO_NAMESPACES.views, DEMO_NAMESPACES.gateway]
    .map((namespace) => taskCommand(`kubectl --namespace=${namespace}`));
  return `Everything keeps running. This link signs a browser in for twelve hours:
  ${base}_auth/#token=${token}
${signIn ? `${signInGuide(base)}\n` : ""}Look at it:
  ${view}  the view, in a browser, or: curl -H 'Host: ${gateway.hostOf(DEMO_VIEW)}' http://127.0.0.1:${gateway.port}/
  ${base}  all views, or: curl -H @${AUTHORIZATION_FILE} ${base}_api/views
  ${gateway.urlOf(DUCKDB)}  the lake in SQL
  ${gateway.urlOf(BROWSER)}  the lake in the browser alone, through /_lake/
${
    observation.map((line) => `${line}\n`).join("")
  }  another view:  curl -H @${AUTHORIZATION_FILE} -H 'Content-Type: application/json' -d '{"name": "second", "subsets": []}' ${base}_api/views
  its objects:   ${among} get services,jobs,pods
  the log:       ${beside} logs --selector=app.kubernetes.io/name=view-gateway --container=sidecar --prefix --follow
Stop it:         ${taskCommand("demo:down")}`;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InvalidArgumentError("It must be from 1 to 65535.");
  }
  return port;
}

const program = new Command("demo")
  // A task's user does not know the words that select it here.
  .configureHelp({
    commandUsage: (command) => `${command.name() === "down" ? "demo:down" : "demo"} ${command.usage()}`,
  });
program.command("up")
  .description(
    "Starts a cluster with the gateway, or finds it, and shows how a first view wakes. The cluster stays. If this " +
      "started it and is interrupted before the end, it stops the cluster again.",
  )
  .option("--port <port>", "the gateway's port on 127.0.0.1", portOf, 8080)
  .option("--sign-in", `with an issuer at which two people sign in; its port is ${ISSUER_PORT}`)
  .option("--traces", `with Zipkin at port ${ZIPKIN_PORT}, which shows what a request waited for`)
  .option("--metrics", `with Prometheus at port ${PROMETHEUS_PORT}, which has the gateway's metrics and alerts`)
  .addHelpText("after", "\n--traces and --metrics need the project's own node: Linux and root.")
  .action(up);
program.command("down")
  .description("Stops the cluster and all that runs in it.")
  .action(() => interruptible(down));
await program.parseAsync(Deno.args, { from: "user" });

/** Runs the fault tests: they break a gateway of three replicas on the real node. */
import { join } from "node:path";
import { Command } from "commander";
import { withPath } from "../process/command_line.ts";
import { borrowNode, loadImageOnNode, requireNodeFits } from "../cluster/node/node.ts";
import { NODE_ADDRESS } from "../cluster/node/node_files.ts";
import { requireCommand } from "../packages/debian.ts";
import { supervise } from "../process/supervise.ts";
import { deploy, provideImages } from "../deploy/deploy.ts";
import { checkE2e, e2eBin, e2eDirectory, e2eNeeds, installE2e } from "./e2e_package.ts";
import { e2eTemplates, recordedTemplate } from "./e2e_templates.ts";
import { filteredFiles } from "./file_filters.ts";
import { faultFiles } from "./test_files.ts";
import { deployIssuer, ISSUER_IMAGE } from "../deploy/example_issuer.ts";
import { deployLake, LAKE_OVERLAY, lakeTemplates } from "../deploy/example_lake.ts";
import { GATEWAY_IMAGES, gatewayNeeds } from "../needs/gateway_needs.ts";
import { interruptible } from "../process/interruptible.ts";
import { kubectlFor } from "../deploy/kubectl.ts";
import { defaultTemplate } from "../deploy/kustomize.ts";
import { namespacesNamed } from "../deploy/namespaces.ts";
import { requireNeeds } from "../needs/needs.ts";
import { keepLogs } from "./keep_logs.ts";
import { upgradeOverlays } from "./upgrade_overlays.ts";

const NAMESPACES = namespacesNamed("faults");
const REPLICAS = 3;

/** The gateway that a test upgrades. */
const UPGRADED = { namespaces: namespacesNamed("faults-upgrade"), overlay: LAKE_OVERLAY };

/** The longest that the kubelet waits before it restarts a container that was killed. */
const RESTART_BACKOFF = "1s";

/** Kubernetes' default, and a pause between kills that suits it. */
const DEFAULT_BACKOFF = "300s";
const SLOW_KILL_SECONDS = 30;

const NFT = { tool: "nft", purpose: "to drop packets" } as const;

/** Where pods report each request that they get. */
const DELIVERIES = { address: NODE_ADDRESS, port: 18_099 } as const;
const DELIVERIES_URL = `http://${DELIVERIES.address}:${DELIVERIES.port}/`;

/** How many lines of each container's log a failed run keeps. */
const LOG_LINES = 20_000;

interface Options {
  readonly defaultBackoff?: boolean;
}

async function faults(files: readonly string[], { defaultBackoff }: Options, signal: AbortSignal): Promise<void> {
  // The tests send signals to processes of pods, and drop packets in their network.
  const wanted = { kind: "own", restartBackoff: defaultBackoff ? DEFAULT_BACKOFF : RESTART_BACKOFF } as const;
  await requireNodeFits(wanted);
  const { needs, hint } = await gatewayNeeds(wanted, signal);
  await requireNeeds("the fault suite", { needs: [...await e2eNeeds(), ...needs, NFT], hint }, signal);
  await requireCommand("nft", "nftables", signal);
  await installE2e(signal);
  await checkE2e(signal);
  await using borrowed = await borrowNode(signal, wanted);
  const { netns, insideKubeconfig } = borrowed.cluster;
  const kubectl = kubectlFor(borrowed.cluster);
  const images = await provideImages([...GATEWAY_IMAGES, ISSUER_IMAGE], loadImageOnNode, signal);
  const lake = await deployLake(kubectl, images, signal);
  // In the network of the pods, the gateway is at its Service's own port.
  const { access } = await deployIssuer(kubectl, images, ["http://localhost"], signal);
  const settings = { ...lake, ...access, environment: { ...lake.environment, ...access.environment } };
  const text = await defaultTemplate();
  const templates = {
    ...e2eTemplates(text),
    ...await lakeTemplates(),
    recorded: recordedTemplate(text, DELIVERIES_URL),
  };
  await deploy(
    kubectl,
    {
      namespaces: NAMESPACES,
      overlay: LAKE_OVERLAY,
      replicas: REPLICAS,
      images,
      ...settings,
      templates,
      egress: DELIVERIES,
    },
    signal,
  );
  await using upgrade = await upgradeOverlays(files, { ...UPGRADED, ...settings, images }, loadImageOnNode, signal);
  const config = join(e2eDirectory, "faults/vitest.config.ts");
  const vitest = [join(e2eBin, "vitest"), "run", `--root=${e2eDirectory}`, `--config=${config}`, ...files];
  const env = {
    // The package's own Node comes before an older one; an interactive root may lack the system's directories.
    PATH: `${withPath(e2eBin)}:/usr/sbin:/sbin`,
    KUBECTL: kubectl.command,
    E2E_NAMESPACE: NAMESPACES.gateway,
    POD_NETWORK: "direct",
    KUBECONFIG: insideKubeconfig,
    DENO: Deno.execPath(),
    OUTSIDE_NETWORK: `/proc/${Deno.pid}/ns/net`,
    DELIVERIES_URL,
    ...upgrade.environment,
    ...defaultBackoff && { KILL_EVERY_SECONDS: String(SLOW_KILL_SECONDS) },
  };
  Deno.exitCode = await supervise(["nsenter", `--net=${netns}`, "--", ...vitest], env, signal);
  if (Deno.exitCode === 0 || signal.aborted) return;
  await keepLogs(kubectl, [NAMESPACES, UPGRADED.namespaces], LOG_LINES);
}

const program = new Command("test:faults")
  .description(
    "Breaks a gateway of three replicas on the project's own node, in one way after the other, and counts what clients see.\n" +
      "Set SEED to repeat the choices of a run.",
  )
  .argument("[filters...]", "run only faults whose path contains one of these")
  .option(
    "--default-backoff",
    `use Kubernetes' default pause before a container restarts, and kill a sidecar every ${SLOW_KILL_SECONDS} s`,
  )
  .parse(Deno.args, { from: "user" });

const files = filteredFiles(program, await faultFiles(), program.args);
await interruptible((signal) => faults(files, program.opts<Options>(), signal));

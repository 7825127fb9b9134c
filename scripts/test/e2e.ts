/** The end-to-end tests: the gateway of this checkout, on a real cluster. */
import { join } from "node:path";
import { Command } from "commander";
import { withPath } from "../process/command_line.ts";
import { buildKubectlView, KUBECTL_VIEW } from "../compile/kubectl_view.ts";
import { supervise } from "../process/supervise.ts";
import { requireCommand } from "../packages/debian.ts";
import { deploy, provideImages } from "../deploy/deploy.ts";
import { type AlertsPrometheus, alertsPrometheus } from "../prometheus/alerts_prometheus.ts";
import { checkE2e, e2eBin, e2eDirectory, e2eNeeds, installE2e } from "./e2e_package.ts";
import { foreignCluster, foreignTarget, ownTarget, type Target } from "./e2e_target.ts";
import { e2eTemplates } from "./e2e_templates.ts";
import { filteredFiles } from "./file_filters.ts";
import { storyFiles } from "./test_files.ts";
import { deployLake, LAKE_NAMESPACE, LAKE_OVERLAY, lakeTemplates } from "../deploy/example_lake.ts";
import { deployIssuer, grantRights, ISSUER_IMAGE, ISSUER_NAMESPACE } from "../deploy/example_issuer.ts";
import { GATEWAY_IMAGES, gatewayNeeds } from "../needs/gateway_needs.ts";
import { imageNeeds } from "../image/images.ts";
import { interruptible } from "../process/interruptible.ts";
import { type Needs, requireNeeds } from "../needs/needs.ts";
import { BASE_CPU, type Customization, defaultTemplate } from "../deploy/kustomize.ts";
import { namespacesNamed } from "../deploy/namespaces.ts";
import { keepLogs } from "./keep_logs.ts";
import { upgradeOverlays } from "./upgrade_overlays.ts";

/** The gateways of the stories. Only they use these namespaces. */
const gateways = [
  { namespaces: namespacesNamed("e2e"), overlay: LAKE_OVERLAY, signsIn: false },
  { namespaces: namespacesNamed("e2e-base-host"), overlay: "overlays/base-host", signsIn: false },
  { namespaces: namespacesNamed("e2e-sign-in"), overlay: LAKE_OVERLAY, signsIn: true },
];

/** The gateway that a story upgrades. */
const UPGRADED = { namespaces: namespacesNamed("e2e-upgrade"), overlay: LAKE_OVERLAY };

/** How many lines of each container's log a failed run keeps. */
const LOG_LINES = 5_000;

async function e2e(files: readonly string[], signal: AbortSignal): Promise<void> {
  await requireNeeds("the end-to-end tests", await e2eSuiteNeeds(signal), signal);
  const own = [LAKE_NAMESPACE, ISSUER_NAMESPACE];
  const namespaces = [
    ...own,
    ...[...gateways, UPGRADED].flatMap(({ namespaces }) => [namespaces.gateway, namespaces.views]),
  ];
  const foreign = await foreignTarget(namespaces, signal);
  await installE2e(signal);
  await checkE2e(signal);
  await buildKubectlView(KUBECTL_VIEW, signal);
  await using target = foreign ?? await ownTarget(signal);
  await requireCommand("chromium", "chromium", signal);
  await using prometheus = await prometheusFor(files, target, signal);
  const images = await provideImages([...GATEWAY_IMAGES, ISSUER_IMAGE], target.load, signal);
  const lake = await deployLake(target.kubectl, images, signal);
  // In the network of the pods, the gateway is at its Service's own port.
  const { access } = await deployIssuer(target.kubectl, images, ["http://localhost"], signal);
  const templates = { ...e2eTemplates(await defaultTemplate()), ...await lakeTemplates() };
  // Many stories start pods at once, and some have leases of a few seconds. A gateway must not wait for the processor.
  const common = { images, templates, cpu: BASE_CPU };
  await Promise.all(gateways.map(async ({ namespaces, overlay, signsIn }) => {
    const own: Partial<Customization> = {
      ...overlay === LAKE_OVERLAY && lake,
      ...signsIn && access,
      environment: {
        ...overlay === LAKE_OVERLAY && lake.environment,
        ...signsIn && access.environment,
        LOG_LEVEL: "debug",
      },
    };
    await deploy(target.kubectl, { namespaces, overlay, ...common, ...own }, signal);
    if (signsIn) await grantRights(target.kubectl, namespaces.views, signal);
  }));
  if (target.netns === undefined) {
    console.error(
      "Skips the stories that need the network of the pods, all of alerts among them: only the project's own node has it.",
    );
  }
  const environment = { ...lake.environment, ...access.environment };
  const upgraded = { ...UPGRADED, ...lake, ...access, environment, images };
  await using upgrade = await upgradeOverlays(files, upgraded, target.load, signal);
  Deno.exitCode = await stories(target, { ...prometheus?.env, ...upgrade.environment }, files, signal);
  if (Deno.exitCode !== 0 && !signal.aborted) {
    await keepLogs(target.kubectl, [...gateways, UPGRADED].map(({ namespaces }) => namespaces), LOG_LINES);
  }
}

async function e2eSuiteNeeds(signal: AbortSignal): Promise<Needs> {
  const suite = [...await e2eNeeds(), { tool: "chromium", purpose: "to open views in" } as const];
  if (await foreignCluster() === undefined) {
    const { needs, hint } = await gatewayNeeds({}, signal);
    return { needs: [...suite, ...needs], hint };
  }
  const kubectl = { tool: "kubectl", purpose: "for the cluster that KUBECONFIG names" } as const;
  return { needs: [...suite, kubectl, ...await imageNeeds(GATEWAY_IMAGES, signal)] };
}

/** The Prometheus that some stories need. They drop packets too. */
async function prometheusFor(
  files: readonly string[],
  { netns }: Target,
  signal: AbortSignal,
): Promise<AlertsPrometheus | undefined> {
  const needed = files.length === 0 || files.some((file) => file.includes("/stories/prometheus/"));
  if (!needed || netns === undefined) return undefined;
  await requireCommand("nft", "nftables", signal);
  return await alertsPrometheus(netns, signal);
}

async function stories(
  target: Target,
  more: Readonly<Record<string, string>>,
  files: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const { kubectl, netns, kubeconfig } = target;
  const vitest: [string, ...string[]] = [join(e2eBin, "vitest"), "run", `--root=${e2eDirectory}`, ...files];
  const env = {
    // The package's own Node comes before an older one; an interactive root may lack the system's directories.
    PATH: `${withPath(e2eBin)}:/usr/sbin:/sbin`,
    KUBECTL: kubectl.command,
    KUBECTL_VIEW,
    DENO: Deno.execPath(),
    E2E_NAMESPACE: gateways[0]!.namespaces.gateway,
    E2E_OTHER_NAMESPACE: gateways[1]!.namespaces.gateway,
    E2E_SIGN_IN_NAMESPACE: gateways[2]!.namespaces.gateway,
    ...kubeconfig !== undefined && { KUBECONFIG: kubeconfig },
    ...netns !== undefined && { POD_NETWORK: "direct" },
    ...more,
  };
  return await supervise(netns === undefined ? vitest : ["nsenter", `--net=${netns}`, "--", ...vitest], env, signal);
}

const program = new Command("e2e")
  .description(
    "Runs the end-to-end tests on the cluster that KUBECONFIG names, or else on the project's own node, which this starts\n" +
      "if it is not up. A cluster that was up before keeps the gateways, in namespaces of their own.",
  )
  .argument("[filters...]", "run only files whose path contains one of these")
  .parse(Deno.args, { from: "user" });

const files = filteredFiles(program, await storyFiles(), program.args);
await interruptible((signal) => e2e(files, signal));

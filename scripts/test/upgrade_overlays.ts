import { join } from "node:path";
import type { LoadImage } from "../deploy/deploy.ts";
import { type Customization, defaultTemplate, writeOverlay } from "../deploy/kustomize.ts";
import { warmTemplate } from "../deploy/warm_template.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { formerGateway, lackOfFormerGateway } from "../release/former_gateway.ts";

/** The tests that need them, by their path. */
const UPGRADES = /\/upgraded\.ts$/;

/** How many pods wait, started, for a view of the warm template. */
const WARM = 3;

/** Two overlays of one gateway, for the tests that upgrade it. */
export interface UpgradeOverlays extends AsyncDisposable {
  /** The environment of the tests. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Writes an overlay by the last release's own files, and one by those of this checkout.
 * @param files the tests that run; none means all
 * @param customization the gateway of this checkout, whose images the cluster has
 * @param load takes the images of the last release into the cluster
 */
export async function upgradeOverlays(
  files: readonly string[],
  customization: Customization,
  load: LoadImage,
  signal?: AbortSignal,
): Promise<UpgradeOverlays> {
  if (files.length > 0 && !files.some((file) => UPGRADES.test(file))) return without({});
  const lack = await lackOfFormerGateway(signal);
  if (lack !== undefined) {
    console.error(`Skips the tests that upgrade a gateway. ${lack}`);
    return without({ UPGRADE_LACK: lack });
  }
  const { manifests, images } = await formerGateway(signal);
  for (const { reference, archive } of images) await step(`Loading ${reference}`, () => load(archive, signal));
  const former = { ...customization, manifests, images: images.map(({ reference }) => reference) };
  const directory = await temporaryDirectory({ prefix: "view-gateway-upgrade-" });
  const [from, to] = [join(directory.path, "former"), join(directory.path, "this")];
  await writeVersion(from, former);
  await writeVersion(to, customization);
  const environment = { UPGRADE_NAMESPACE: customization.namespaces.gateway, UPGRADE_FROM: from, UPGRADE_TO: to };
  return { environment, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

function without(environment: UpgradeOverlays["environment"]): UpgradeOverlays {
  return { environment, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function writeVersion(directory: string, customization: Customization): Promise<void> {
  await Deno.mkdir(directory);
  const templates = { "default-warm": warmTemplate(await defaultTemplate(customization), WARM) };
  await writeOverlay(directory, { ...customization, templates });
}

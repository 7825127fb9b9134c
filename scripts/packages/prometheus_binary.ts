/** Makes Prometheus available for tests and the demo, from Debian's packages. */
import { join } from "node:path";
import { inputHash } from "../cache/cache.ts";
import { cachedDirectory } from "../cache/cached_directory.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { succeeds } from "../process/command.ts";
import { step } from "../process/step.ts";
import { extractPackages, requireCommand } from "./debian.ts";

export interface PrometheusBinaries {
  /** Path of the server. */
  readonly prometheus: string;
  /** Path of the tool that checks and tests rules. */
  readonly promtool: string;
  /** Folder of the web pages, for `--web.local-assets`: Debian's server has none built in. */
  readonly webAssets?: string;
}

/** Its web pages load scripts of other packages. */
const PACKAGES = [
  "prometheus",
  "fonts-glyphicons-halflings",
  "libjs-bootstrap4",
  "libjs-d3",
  "libjs-eonasdan-bootstrap-datetimepicker",
  "libjs-jquery",
  "libjs-jquery-hotkeys",
  "libjs-moment",
  "libjs-moment-timezone",
  "libjs-mustache",
  "libjs-popper.js",
  "libjs-rickshaw",
];

/**
 * Prometheus' programs: Debian's, unpacked into the user's cache at first need (20 MB), since to install them would start
 * a service. On other systems those on the PATH.
 * @throws MissingError
 */
export async function prometheusBinaries(signal?: AbortSignal): Promise<PrometheusBinaries> {
  if (!await succeeds("apt-get", ["--version"], { signal })) {
    await requireCommand("promtool", "prometheus", signal);
    await requireCommand("prometheus", "prometheus", signal);
    return { prometheus: "prometheus", promtool: "promtool" };
  }
  const fill = (directory: string) =>
    step("Fetching Prometheus from Debian", () => extractPackages(PACKAGES, directory, signal));
  const directory = await cachedDirectory("prometheus", await inputHash(PACKAGES, ["/etc/os-release"]), fill, {
    signal,
  });
  return {
    prometheus: join(directory, "usr/bin/prometheus"),
    promtool: join(directory, "usr/bin/promtool"),
    webAssets: join(directory, "usr/share/prometheus/web"),
  };
}

/** What `prometheusBinaries` needs now. */
export function prometheusNeeds(): readonly RequiredTool[] {
  return [{ tool: "prometheus", purpose: "to scrape metrics and to test alerts" }];
}

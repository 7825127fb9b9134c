/** Takes the documents' pictures of Zipkin and Prometheus, beside a demo that this starts. */
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { nodeStatus, stopNode } from "../cluster/node/node.ts";
import { DEMO_VIEW } from "../demo/demo_view.ts";
import { PROMETHEUS_PORT } from "../demo/demo_metrics.ts";
import { ZIPKIN_PORT, ZIPKIN_URL } from "../demo/demo_traces.ts";
import { wakeTrace } from "../demo/wake_trace.ts";
import { requireCommand } from "../packages/debian.ts";
import { CommandError } from "../process/command.ts";
import { supervise } from "../process/supervise.ts";

/** Where Debian has it. */
const CHROMIUM = "/usr/bin/chromium";

const SIZE = { width: 1200, height: 720 };

/** How long a page may take to show what it loads. */
const LIMIT = 60_000;

const demo = fileURLToPath(new URL("../demo/demo.ts", import.meta.url));

/** @param directory where the pictures are kept */
export async function takeObservationPictures(directory: string, signal: AbortSignal): Promise<void> {
  await requireCommand("chromium", "chromium", signal);
  const wasUp = (await nodeStatus()).cluster !== undefined;
  try {
    const since = Date.now();
    const command = [Deno.execPath(), "run", "-A", demo, "up", "--traces", "--metrics"] as const;
    const status = await supervise(command, {}, signal);
    signal.throwIfAborted();
    if (status !== 0) throw new CommandError(`The demo failed with exit status ${status}.`);
    const trace = await wakeTrace(ZIPKIN_URL, `${DEMO_VIEW}.localhost:8080`, since, signal);
    if (trace === undefined) throw new CommandError("Zipkin has no trace of the demo's first wake.");
    await take(directory, trace);
  } finally {
    if (!wasUp) await stopNode();
  }
}

async function take(directory: string, trace: string): Promise<void> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: "light", reducedMotion: "reduce" });
    page.setDefaultTimeout(LIMIT);
    const keep = (page: Page, name: string) => page.screenshot({ path: `${directory}/${name}.png` });
    await page.goto(`http://localhost:${ZIPKIN_PORT}/zipkin/traces/${trace}`);
    await page.getByText("view-gateway").first().waitFor();
    await page.waitForLoadState("networkidle");
    await keep(page, "trace");
    // Debian's has these pages alone.
    await page.goto(`http://localhost:${PROMETHEUS_PORT}/classic/alerts`);
    await page.getByText("ViewGatewayDown").first().waitFor();
    await keep(page, "alerts");
  } finally {
    await browser.close();
  }
}

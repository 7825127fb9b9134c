import { deepEqual, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shippedAlerts } from "../../../scripts/deploy/shipped_alerts.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/FAULTS.md", import.meta.url));

/** A row of the table of alerts. */
const ROW = /^\| `(ViewGateway\w+)`\s*\| (page|warning)\s*\| [^|]+ \| \[[^\]]+\]\(([^)]+)\)\s*\|$/gm;

const rows = [...(await Deno.readTextFile(DOCUMENT)).matchAll(ROW)];

Deno.test("the document of faults has each alert that is shipped, once for each severity, and no other", async () => {
  const shipped = (await shippedAlerts()).flatMap(({ rules }) => rules);
  deepEqual(
    rows.map(([, alert, severity]) => `${alert} ${severity}`).sort(),
    shipped.map(({ alert, labels }) => `${alert} ${labels.severity}`).sort(),
  );
});

Deno.test("the story of each alert waits until it fires with its severity", async () => {
  for (const [, alert, severity, link] of rows) {
    const story = await Deno.readTextFile(join(DOCUMENT, "..", link!));
    match(story, new RegExp(`alert: "${alert}",\\s*severity: "${severity}"`), `${alert}: ${link}`);
  }
});

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { query } from "./prometheus.ts";

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

const FILE = fileURLToPath(
  new URL(
    "../../../gateway/components/dashboard/view-gateway.json",
    import.meta.url,
  ),
);

/** One query of a panel of the shipped dashboard. */
export interface PanelQuery {
  readonly panel: string;
  readonly expr: string;
}

/** All queries of the shipped dashboard, as they are in its file. */
export const DASHBOARD_QUERIES: readonly PanelQuery[] = (JSON.parse(readFileSync(FILE, "utf8")) as Dashboard).panels
  .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ panel: title, expr })));

/** Panels about the certificate: only a gateway that terminates TLS has one. */
const TLS_PANELS = ["Days until the certificate expires", "Problems of the certificate"];

export const needsTls = ({ panel }: PanelQuery): boolean => TLS_PANELS.includes(panel);

/** Long enough for some scrapes. Grafana takes four of them. */
const RATE_INTERVAL = "20s";

/** Whether a query of the dashboard answers with a number for the gateways of a namespace. */
export async function hasData({ expr }: PanelQuery, namespace: string): Promise<boolean> {
  const asked = expr.replaceAll("$namespace", namespace).replaceAll(
    "$pod",
    ".*",
  )
    .replaceAll("$__rate_interval", RATE_INTERVAL);
  const series = await query(asked);
  return series.some(({ value: [, number] }) => Number.isFinite(Number(number)));
}

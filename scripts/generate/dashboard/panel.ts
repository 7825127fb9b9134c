/** What a dashboard consists of: a row for each question of an operator, with panels and their queries. */

export interface DashboardQuery {
  readonly expr: string;
  /** How Grafana names a series, as `{{label}}`. */
  readonly legend: string;
}

export interface DashboardPanel {
  readonly title: string;
  readonly description: string;
  /** A number, or lines over time. Default: lines. */
  readonly kind?: "stat" | "lines";
  /** https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  readonly unit: "short" | "reqps" | "s" | "bytes" | "ops" | "percentunit" | "none";
  readonly queries: readonly DashboardQuery[];
}

export interface DashboardRow {
  readonly question: string;
  readonly panels: readonly DashboardPanel[];
}

/** The gateways that the reader has chosen. */
const CHOSEN = 'namespace="$namespace", pod=~"$pod"';

/** A selector of the chosen gateways. */
export const seriesOf = (metric: string, more = "") => `${metric}{${CHOSEN}${more && `, ${more}`}}`;

export const rateOf = (metric: string, more = "") => `rate(${seriesOf(metric, more)}[$__rate_interval])`;

export const sumBy = (label: string, expr: string) => `sum by (${label}) (${expr})`;

/** How often each value of a label comes. */
export const ratesBy = (metric: string, label: string, more = ""): DashboardQuery => ({
  expr: sumBy(label, rateOf(metric, more)),
  legend: `{{${label}}}`,
});

export const quantilesOf = (metric: string, more = ""): readonly DashboardQuery[] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, ${sumBy("le", rateOf(`${metric}_bucket`, more))})`,
    legend: `${quantile * 100} %`,
  }));

import { ask } from "../client/http.ts";
import { environment } from "../environment.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "pending" | "firing";
}

export interface Series {
  readonly metric: Labels;
  /** A time, and a number as text. */
  readonly value: readonly [number, string];
}

/** The alerts that are pending or fire. https://prometheus.io/docs/prometheus/2.42/querying/api/#alerts */
export async function alerts(): Promise<readonly Alert[]> {
  return (await read<{ readonly alerts: readonly Alert[] }>("/api/v1/alerts"))
    .alerts;
}

/** The answer to a query whose result is a vector, now. */
export async function query(expr: string): Promise<readonly Series[]> {
  const parameters = new URLSearchParams({ query: expr });
  return (await read<{ readonly result: readonly Series[] }>(
    `/api/v1/query?${parameters}`,
  )).result;
}

async function read<T>(path: string): Promise<T> {
  const { url } = environment().prometheus!;
  const { status, text, json } = await ask(url, new URL(url).host, { path });
  if (status !== 200) {
    throw new Error(`Prometheus answered ${status} to ${path}: ${text}`);
  }
  return json().data;
}

import { type Patience, until } from "../until.ts";
import { type Alert, alerts, type Labels } from "./prometheus.ts";

/** Which alert of the shipped rules. Labels that it does not name may have any value. */
export interface ShippedAlert {
  readonly alert: string;
  readonly severity: "page" | "warning";
  readonly labels: Labels;
}

/** Milliseconds in which an alert fires or resolves. The longest takes half an hour, but all durations are divided. */
const PATIENCE: Patience = { within: 100_000, every: 250 };

/** None of these alerts fires at first, each fires while the fault lasts, and its end resolves all of them. */
export async function fireAndResolve(
  wanted: readonly ShippedAlert[],
  fault: () => Promise<AsyncDisposable>,
  patience = PATIENCE,
): Promise<readonly Alert[]> {
  await allResolved(wanted, patience);
  let fired: readonly Alert[];
  {
    await using _lasts = await fault();
    fired = await Promise.all(
      wanted.map((each) =>
        until(
          `${shown(each)} fires`,
          async () => (await firing(each))[0],
          patience,
        )
      ),
    );
  }
  await allResolved(wanted, patience);
  return fired;
}

async function allResolved(wanted: readonly ShippedAlert[], patience: Patience): Promise<void> {
  await Promise.all(
    wanted.map((each) =>
      until(
        `${shown(each)} is resolved`,
        async () => (await firing(each)).length === 0,
        patience,
      )
    ),
  );
}

async function firing({ alert, severity, labels }: ShippedAlert): Promise<readonly Alert[]> {
  const wanted = Object.entries({ ...labels, severity, alertname: alert });
  return (await alerts()).filter(({ state, labels }) =>
    state === "firing" &&
    wanted.every(([label, value]) => labels[label] === value)
  );
}

function shown({ alert, severity, labels }: ShippedAlert): string {
  return `${alert} (${severity}) of ${JSON.stringify(labels)}`;
}

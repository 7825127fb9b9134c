import type { Figure } from "../../report/comparison.ts";
import type { StormSample } from "./reconnect_storm.ts";

/** One row for each measure; its values are those of the rounds. */
export function stormFigures(samples: readonly StormSample[]): readonly Figure[] {
  const kinds = [...new Set(samples.map(({ storm, gateways }) => `${gateways} gateways, ${storm}`))];
  return kinds.flatMap((what) => {
    const rounds = samples.filter(({ storm, gateways }) => `${gateways} gateways, ${storm}` === what);
    const { gateways, size } = rounds[0]!;
    const figure = (measure: string, unit: string, of: (sample: StormSample) => number): Figure => ({
      what: `${what} (${size} Services)`,
      ...{ measure, unit, values: rounds.map(of) },
    });
    const api = [
      figure("CPU of the API server", "s", ({ cpu }) => cpu.apiServer),
      figure("memory of the API server at most", "MB", ({ peak }) => peak / 1e6),
    ];
    if (gateways === 0) return [...api, figure("load average of a minute", "processes", ({ load }) => load)];
    return [
      ...api,
      figure("until the first gateway is fresh", "ms", ({ fresh }) => Math.min(...fresh)),
      figure("until all gateways are fresh", "ms", ({ fresh }) => Math.max(...fresh)),
      figure("lists", "lists", ({ lists }) => lists),
      figure("from the API server to all gateways", "MB", ({ bytes }) => bytes / 1e6),
      figure("CPU of all gateways", "s", ({ cpu }) => cpu.gateways),
      figure("connections", "connections", ({ connections }) => connections.length),
      figure("the first half of the connections came within", "ms", ({ connections }) => middle(connections)),
      figure("load average of a minute", "processes", ({ load }) => load),
    ];
  });
}

const middle = (moments: readonly number[]) => moments.toSorted((a, b) => a - b)[Math.floor(moments.length / 2)] ?? 0;

import { deepEqual } from "node:assert/strict";
import type { StormSample } from "./reconnect_storm.ts";
import { stormFigures } from "./storm_figures.ts";

const sample: StormSample = {
  ...{ storm: "the API server restarts", gateways: 2, size: 10, fresh: [5, 9], connections: [0, 4, 2] },
  ...{ lists: 8, watches: 8, bytes: 2e6, cpu: { apiServer: 3, gateways: 1 }, peak: 4e8, load: 1 },
};

Deno.test("each measure of a storm has a value for each round", () => {
  const figures = stormFigures([sample, { ...sample, fresh: [7, 11] }]);
  const values = (measure: string) => figures.find((figure) => figure.measure === measure)?.values;
  deepEqual(values("until all gateways are fresh"), [9, 11]);
  deepEqual(values("from the API server to all gateways"), [2, 2]);
  deepEqual(values("the first half of the connections came within"), [2, 2]);
});

Deno.test("without gateways only the API server is measured", () => {
  const figures = stormFigures([{ ...sample, gateways: 0, fresh: [], connections: [] }]);
  deepEqual(figures.map(({ measure }) => measure), [
    "CPU of the API server",
    "memory of the API server at most",
    "load average of a minute",
  ]);
});

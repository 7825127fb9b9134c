import type { Bench } from "../bench.ts";
import { check } from "./check.ts";
import { consoleBench } from "./console.ts";
import { eds } from "./eds.ts";
import { held } from "./held.ts";
import { hop } from "./hop.ts";
import { imageBench } from "./image.ts";
import { lake } from "./lake.ts";
import { scale } from "./scale.ts";
import { sleeping } from "./sleeping.ts";
import { wake } from "./wake.ts";
import { warm } from "./warm.ts";

/** In the order of the report. */
export const benches: readonly Bench[] = [
  ...[warm, hop, eds, check, held, sleeping, scale, consoleBench, wake, lake, imageBench],
];

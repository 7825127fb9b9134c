import type { Bench } from "../bench.ts";
import { check } from "./check.ts";
import { eds } from "./eds.ts";
import { sleeping } from "./sleeping.ts";
import { warm } from "./warm.ts";

/** In the order of the report. */
export const benches: readonly Bench[] = [warm, eds, check, sleeping];

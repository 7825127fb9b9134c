import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { core } from "../cluster/cluster.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { Stranger } from "../gateway/stranger.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printTally } from "../outcome/outcome_line.ts";
import type { Tally } from "../outcome/tally.ts";
import { KeptViews } from "./kept_views.ts";
import { Meeting } from "./meeting.ts";
import { type Both, deployVersion, roll, type Version } from "./rollout.ts";
import { type Clients, UpgradeLoad } from "./upgrade_load.ts";

/** Milliseconds after which a wake counts as slow, beside all the others on a small node. */
const SLOW = 10_000;

/** How a gateway is rolled from version to version. */
export interface Walk {
  readonly name: string;
  readonly versions: readonly [Version, ...Version[]];
  /** How many rollouts wait while both versions are there, from the first one on. */
  readonly pauses: number;
  readonly clients: Clients;
  /** Milliseconds of load on each version alone. */
  readonly alone: number;
}

/** Rolls a gateway from version to version under load, and counts what its clients see. */
export async function walkVersions({ name, versions, pauses, clients, alone }: Walk): Promise<void> {
  const [first, ...others] = versions;
  const began = performance.now();
  const gateway = await deployVersion(first);
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  await using outsider = await Stranger.in(gateway.viewsNamespace);
  const kept = new KeptViews();
  const meetings: Meeting[] = [];
  const load = await UpgradeLoad.on(gateway, stranger, outsider, clients);
  try {
    for (const version of others) {
      await kept.keep(gateway);
      await pause(alone);
      const meet = async (both: Both) => {
        const meeting = new Meeting(both, stranger);
        meetings.push(meeting);
        await meeting.run();
      };
      await roll(version, meetings.length < pauses ? meet : undefined, () => kept.find());
      console.log(`${name}: ${version} is there alone after ${seconds(began)} s`);
    }
    await pause(alone);
  } finally {
    await load[Symbol.asyncDispose]();
    tell(name, others, load, kept, meetings);
  }
  const views = [...load.views, ...kept.views, ...meetings.flatMap(({ views }) => views)];
  const left = await leftOverOf(views);
  console.log(`${name}: left over after ${seconds(began)} s: ${JSON.stringify(left)}`);
  for (const tally of [...Object.values(load.tallies), kept.tally, ...meetings.flatMap(talliesOf)]) {
    expect(tally.ok).toBeGreaterThan(0);
    expect(tally.otherwise).toEqual({});
  }
  expect(load.strangers.ok).toBe(0);
  expect(Object.keys(load.strangers.otherwise)).toEqual(["401", "403"]);
  expect(wrongIn(load, kept, meetings)).toEqual([]);
  expect(meetings.length).toBe(pauses);
  for (const { claimed, renewed } of meetings) expect({ claimed, renewed }).toEqual({ claimed: 2, renewed: 2 });
  expect(left).toEqual(NOTHING_LEFT);
  await remove(gateway);
}

function tell(
  name: string,
  versions: readonly Version[],
  load: UpgradeLoad,
  kept: KeptViews,
  meetings: readonly Meeting[],
): void {
  for (const [what, tally] of Object.entries(load.tallies)) printTally(`${name}, ${what}`, tally);
  printTally(`${name}, without a right`, load.strangers);
  printTally(`${name}, views that another version has made`, kept.tally, { views: kept.views.length });
  meetings.forEach(({ tally, signIns, claimed, renewed }, i) => {
    printTally(`${name}, both at once, to ${versions[i]}`, tally, { claimed, renewed });
    printTally(`${name}, sign-ins at both, to ${versions[i]}`, signIns);
  });
  for (const line of wrongIn(load, kept, meetings)) console.log(`${name}, wrong: ${line}`);
  const wakes = { wakes: load.times.length, "longest ms": Math.round(Math.max(0, ...load.times)) };
  console.log(`${name}: ${JSON.stringify({ ...wakes, slow: load.slow(SLOW), "WebSockets that ended": load.ended })}`);
}

function wrongIn(load: UpgradeLoad, kept: KeptViews, meetings: readonly Meeting[]): readonly string[] {
  return [...load.wrong, ...kept.wrong, ...meetings.flatMap(({ wrong }) => wrong)];
}

function talliesOf({ tally, signIns }: Meeting): readonly Tally[] {
  return [tally, signIns];
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1_000);
}

/** Deletes its namespaces: the node is small. A gateway that fails stays, to be looked at. */
async function remove({ namespace, viewsNamespace }: Gateway): Promise<void> {
  for (const name of [namespace, viewsNamespace]) await core.deleteNamespace({ name });
}

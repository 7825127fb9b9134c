import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { dataOf } from "../client/api_client.ts";
import { core } from "../cluster/cluster.ts";
import { theGateway, uniqueName } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { watchOwners } from "../cluster/owners.ts";
import { Tally } from "../outcome/tally.ts";
import { View } from "../gateway/view.ts";

const ROUNDS = 16;
const CLIENTS = 4;
/** Of one generation after the other; each has an object that the other's credentials do not open. */
const PREFIXES = ["sales/2025/", "sales/2026/"];
const object = (prefix: string) => `/_lake/lake/${prefix}orders-${prefix.slice(6, 10)}-01.parquet`;

/** An answer, and how many generations had been created by the time that it was asked for. */
interface Asked {
  readonly pod: string;
  readonly subsets: string;
  readonly created: number;
}

test("a view is deleted and created again with other subsets, in a tight loop under load", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  const view = new View(gateway, uniqueName("recreated"));
  using owners = await watchOwners(namespace, view.name);
  const tally = new Tally();
  const lake = new Tally();
  const answers: Asked[] = [];
  /** UIDs of the Services, in the order of their creation. */
  const services: string[] = [];
  let widened = 0;
  let looping = true;
  /** Whether the view has just been deleted: 404 is the truth then. */
  let absent = false;
  let untrue = 0;
  const asked = async () => {
    const [created, before] = [services.length, absent];
    const answer = await tally.count(view.ask({ path: "/whoami" }));
    if (answer?.status === 404 && !before && !absent && created === services.length) untrue++;
    if (answer?.status !== 200) return;
    const { pod, subsets } = answer.json();
    answers.push({ pod, subsets: JSON.stringify(subsets), created });
  };
  const read = async () => {
    const [created, before] = [services.length, absent];
    // What the generation before could read, and this one cannot.
    const answer = await lake.count(view.ask({
      path: object(PREFIXES[created % PREFIXES.length]!),
      headers: { range: "bytes=0-3" },
    }));
    if (answer?.status === 206 && !before && !absent && created === services.length) widened++;
  };
  const client = async (ask: () => Promise<void>) => {
    while (looping) {
      await ask();
      await pause(5);
    }
  };
  const clients: Promise<void>[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      absent = true;
      await view.delete();
      const subsets = [{ bucket: "lake", prefix: PREFIXES[round % PREFIXES.length]! }];
      dataOf(await gateway.client().POST("/_api/views", { body: { name: view.name, subsets } }));
      const { metadata } = await core.readNamespacedService({ namespace, name: view.name });
      services.push(metadata!.uid!);
      absent = false;
      if (round === 0) clients.push(...Array.from({ length: CLIENTS }, () => client(asked)), client(read));
      // Some live until they are awake, some not.
      await pause(round % 3 === 0 ? 200 : 4_000);
    }
  } finally {
    looping = false;
    await Promise.all(clients);
  }

  const generation = ({ pod }: Asked) => services.indexOf(owners.serviceOf(pod) ?? "none") + 1;
  const old = answers.filter((answer) => generation(answer) < answer.created);
  const others = answers.filter((answer) =>
    !answer.subsets.includes(PREFIXES[(generation(answer) - 1) % PREFIXES.length]!)
  );
  const left = await leftOverOf([view]);
  printOutcome("created again", tally, left, {
    "answers of an old one": old.length,
    "with others' subsets": others.length,
    "404 while there was one": untrue,
    generations: new Set(answers.map(generation)).size,
  });
  printOutcome("created again, reading what only the old view could", lake, left, { read: widened });
  expect(answers.map(generation)).not.toContain(0);
  expect([old.length, others.length, widened]).toEqual([0, 0, 0]);
  // While there is no such view, 404 is the truth.
  expect(Object.keys(tally.otherwise).filter((outcome) => outcome !== "404")).toEqual([]);
  expect(untrue).toBe(0);
  expect(left).toEqual(NOTHING_LEFT);
});

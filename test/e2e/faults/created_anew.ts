import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../cluster.ts";
import { theGateway, uniqueName } from "../gateway.ts";
import { leftOverOf } from "../left_over.ts";
import { printOutcome } from "../outcome_line.ts";
import { watchOwners } from "../owners.ts";
import { Tally } from "../tally.ts";
import { View } from "../view.ts";

const ROUNDS = 15;
const CLIENTS = 5;

test("a view is deleted and created anew in a tight loop under load", async () => {
  const gateway = await theGateway();
  const { namespace } = gateway;
  const view = new View(gateway, uniqueName("anew"));
  using owners = await watchOwners(namespace, view.name);
  const tally = new Tally();
  /** Each answer's pod, and the Services that there have been by the time that it was asked. */
  const answers: { readonly pod: string; readonly generation: number }[] = [];
  const services: string[] = [];
  let looping = true;
  const client = async () => {
    while (looping) {
      const generation = services.length;
      const answer = await tally.count(view.ask({ path: "/whoami" }));
      if (answer?.status === 200) {
        answers.push({ pod: answer.json().pod, generation });
      }
      await pause(5);
    }
  };
  const clients: Promise<void>[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await view.delete();
      const { status, text } = await gateway.post({
        name: view.name,
        subsets: [],
      });
      if (status !== 201) {
        throw new Error(`${view.name} was not created: ${status} ${text}`);
      }
      const { metadata } = await core.readNamespacedService({
        namespace,
        name: view.name,
      });
      services.push(metadata!.uid!);
      if (round === 0) clients.push(...Array.from({ length: CLIENTS }, client));
      // Some live until they are awake, some not.
      await pause(round % 3 === 0 ? 200 : 3_000);
    }
  } finally {
    looping = false;
    await Promise.all(clients);
  }

  const generations = answers.map(({ pod }) => services.indexOf(owners.serviceOf(pod) ?? "none") + 1);
  const old = answers.filter(({ generation }, i) => generations[i]! < generation).length;
  const left = await leftOverOf([view]);
  printOutcome("created anew", tally, left, {
    "answers of an old one": old,
    generations: new Set(generations).size,
  });
  expect(generations).not.toContain(0);
  expect(old).toBe(0);
  // While there is no such view, 404 is the truth.
  expect(Object.keys(tally.otherwise).filter((outcome) => outcome !== "404"))
    .toEqual([]);
  expect(left).toEqual({ jobs: 0, secrets: 0, services: 0 });
});

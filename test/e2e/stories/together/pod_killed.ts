import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import type { Answer } from "../../client/http.ts";
import { until } from "../../until.ts";

test("a view whose pod is killed while it is warm is answered by a new pod, and no GET fails", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("killed");
  const { pod } = await view.whoami();

  // Given somebody who asks again and again …
  const answers: Answer[] = [];
  let asking = true;
  const asks = (async () => {
    while (asking) {
      answers.push(await view.ask({ path: "/whoami" }));
      await pause(10);
    }
  })();
  try {
    await pause(300);

    // … when the pod is killed …
    await core.deleteNamespacedPod({
      namespace: gateway.viewsNamespace,
      name: pod,
      gracePeriodSeconds: 0,
    });

    // … then another one answers.
    await until("another pod answers", () => {
      const last = answers.at(-1);
      return last?.status !== 200 || last.json().pod !== pod;
    });
  } finally {
    asking = false;
    await asks;
  }

  expect(
    answers.filter(({ status }) => status !== 200).map(({ status, text }) => `${status} ${text}`),
  ).toEqual([]);
});

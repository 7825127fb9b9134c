import { expect, test } from "vitest";
import { watchJobs } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";

test("a hundred first requests at once, through all replicas, make one Job", async () => {
  const gateway = await theGateway();
  expect(gateway.replicas.length).toBeGreaterThanOrEqual(2);
  await using view = await gateway.create("hundred");
  using jobs = await watchJobs(gateway.viewsNamespace, view.name);

  const answers = await Promise.all(
    Array.from(
      { length: 100 },
      (_, i) =>
        view.askThrough(gateway.replicas[i % gateway.replicas.length]!, {
          path: "/whoami",
        }),
    ),
  );

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  expect(new Set(answers.map((answer) => answer.json().pod)).size).toBe(1);
  expect(jobs.uids.size).toBe(1);
  expect([...jobs.uids]).toEqual([(await view.job())?.metadata?.uid]);
});

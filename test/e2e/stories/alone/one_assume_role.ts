import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";

test("fifty first requests at once, at two replicas, are one AssumeRole", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("once", { subsets: SALES });
  expect(gateway.replicas.length).toBe(2);
  const assumed = async () => {
    const counts = await Promise.all(
      gateway.replicas.map((replica) =>
        replica.sidecar("view_gateway_assume_role_total", {
          outcome: "succeeded",
        })
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const before = await assumed();

  const answers = await Promise.all(
    Array.from(
      { length: 50 },
      (_, i) => view.askThrough(gateway.replicas[i % 2]!),
    ),
  );

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await assumed() - before).toBe(1);
});

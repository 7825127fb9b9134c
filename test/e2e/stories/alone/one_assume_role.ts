import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { until } from "../../until.ts";

test("fifty first requests at once, at two replicas, are one AssumeRole", async () => {
  // A story before this one may have stopped a sidecar.
  const gateway = await until("both replicas are ready", async () => {
    const found = await theGateway();
    return found.replicas.length === 2 && found;
  });
  await using view = await gateway.create("once", { subsets: SALES });
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

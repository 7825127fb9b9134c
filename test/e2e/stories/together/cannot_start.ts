import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

/** The gate may hold a request for this long. It reports a known failure long before. */
const AT_ONCE = 30_000;

test.for(
  [
    [
      "an image that does not exist",
      "no-image",
      /^(ErrImagePull|ImagePullBackOff)$/,
    ],
    ["a pod that no node has room for", "too-large", /^Unschedulable$/],
    ["a program that crashes", "crashes", /^Error$/],
  ] as const,
)(
  "%s is reported to those who wait, before the time-out",
  async ([, template, reason]) => {
    const gateway = await theGateway();
    await using view = await gateway.create(template, { template });

    const started = performance.now();
    const answer = await view.ask();

    const problem = problemOf(answer, 503, "view-failed");
    expect(problem.view).toBe(view.name);
    expect(problem.reason).toMatch(reason);
    expect(problem.detail).toContain(problem.reason);
    expect(performance.now() - started).toBeLessThan(AT_ONCE);
    // The list of views shows the same, at each replica. One replica may learn of it later.
    const known = await until("the view is known to have failed", async () => {
      const seen = await view.resource();
      return seen.phase === "failed" && seen;
    });
    expect(known).toMatchObject({
      phase: "failed",
      cause: { reason: expect.stringMatching(reason) },
    });
  },
);

import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

/** A request may be held for this long; what is known to fail is told long before. */
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
  "%s is told to whoever waits, not after the time-out",
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
    // And whoever looks at the list of views sees the same, also at the other gateway, which may learn of it later.
    const known = await until("the view is known to have failed", async () => {
      const seen = (await gateway.api({ path: `/_api/views/${view.name}` }))
        .json();
      return seen.phase === "failed" && seen;
    });
    expect(known).toMatchObject({
      phase: "failed",
      cause: { reason: expect.stringMatching(reason) },
    });
  },
);

import { expect, test } from "vitest";
import { core } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

test("an Event of the Service names a bucket that the lake denies to the view", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("bucket", { subsets: [...SALES, { bucket: "lke", prefix: "sales/" }] });

  // MinIO shows the gateway's user no bucket except the lake's. So this bucket might exist, with keys that the view may read.
  await view.whoami();

  await until("there is an Event about the bucket", async () => {
    const { items } = await core.listNamespacedEvent({
      namespace: gateway.viewsNamespace,
      fieldSelector: `involvedObject.kind=Service,involvedObject.name=${view.name}`,
    });
    return items.some(({ reason, message }) =>
      reason === "BucketDenied" && message?.includes("bucket lke, which /subsets/1 names")
    );
  });
});

test.for(
  [
    ["a prefix that begins with a slash", { bucket: "lake", prefix: "/sales/" }],
    ["an empty segment", { bucket: "lake", prefix: "sales//2026/" }],
    ["a backslash", { bucket: "lake", prefix: "sales\\2026/" }],
    ["nothing but a slash", { bucket: "lake", prefix: "/" }],
  ] as const,
)("%s is no subset: the lake would refuse all of it", async ([, subset]) => {
  const gateway = await theGateway();
  const answer = await gateway.post({ name: "never-made", subsets: [...SALES, subset] });
  const problem = problemOf(answer, 422, "invalid-view");
  expect(problem.errors?.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["/subsets/1/prefix"]);
});

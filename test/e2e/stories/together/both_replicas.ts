import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

test("every replica serves a view, whichever of them has woken it", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("replicas");

  const pods: string[] = [];
  for (const replica of [...gateway.replicas, ...gateway.replicas]) {
    const answer = await view.askThrough(replica, { path: "/whoami" });
    expect(answer.status, answer.text).toBe(200);
    pods.push(answer.json().pod);
  }

  expect(gateway.replicas.length).toBeGreaterThanOrEqual(2);
  expect(new Set(pods).size).toBe(1);
});

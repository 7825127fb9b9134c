import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

const REQUESTS = 500;

test("a warm view's requests do not touch the gate", async () => {
  const gateway = await theGateway();
  const replica = gateway.replicas[0]!;
  // Given a view that is awake.
  await using view = await gateway.create("warm");
  expect((await view.askThrough(replica)).status).toBe(200);
  const gate = await replica.requests("gate");
  const outcomes = await replica.sidecar("view_gateway_gate_outcomes_total");
  const before = await replica.requests("public");
  expect(gate).toBeGreaterThan(0);

  // When it is asked many times …
  for (let i = 0; i < REQUESTS / 50; i++) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => view.askThrough(replica)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  }

  // … then the public listener has counted each, the gate and the sidecar none.
  expect(await replica.requests("public")).toBe(before + REQUESTS);
  expect(await replica.requests("gate")).toBe(gate);
  expect(await replica.sidecar("view_gateway_gate_outcomes_total")).toBe(
    outcomes,
  );
});

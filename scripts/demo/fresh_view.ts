import { setTimeout as pause } from "node:timers/promises";
import type { CreateView } from "@view-gateway/types";
import { CommandError } from "../process/command.ts";
import type { Kubectl } from "../deploy/kubectl.ts";
import type { LocalGateway } from "./local_gateway.ts";
import { step } from "../process/step.ts";

/** How long the pod of an earlier view of the name may take to end. */
const GONE = 60_000;

/** How long the gateway may take to answer at the forwarded port. */
const ANSWERS = 20_000;

/**
 * Creates a view through the API, so that the next request finds it asleep. Anybody may open it. Before that, it deletes a
 * view of the same name and waits until nothing of it is left.
 * @throws CommandError
 */
export async function freshView(
  gateway: LocalGateway,
  kubectl: Kubectl,
  namespace: string,
  view: CreateView,
  signal: AbortSignal,
): Promise<void> {
  const { name } = view;
  await deleteView(gateway, name, signal);
  const left = ["get", "jobs,pods", `--namespace=${namespace}`, `--selector=view.yolean.se/name=${name}`];
  await step(`Waiting until nothing is left of an earlier view ${name}`, async () => {
    await until(GONE, signal, async () => (await kubectl.run([...left, "--output=name"], { signal })).trim() === "");
  });
  const answer = await gateway.api("/_api/views", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...view, public: true }),
    signal,
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new CommandError(`View ${name} was not created: ${answer.status} ${text}`);
}

async function deleteView(gateway: LocalGateway, name: string, signal: AbortSignal): Promise<void> {
  let last = "";
  // The gateway may have just restarted: then it is not reachable yet.
  await until(ANSWERS, signal, async () => {
    try {
      const path = `/_api/views/${name}`;
      const answer = await gateway.api(path, { method: "DELETE", signal });
      last = `${answer.status} ${await answer.text()}`;
      return answer.status === 204 || answer.status === 404;
    } catch (error) {
      signal.throwIfAborted();
      last = String(error);
      return false;
    }
  }, () => `The gateway does not answer as it should at ${gateway.urlOf()}: ${last}`);
}

async function until(
  limit: number,
  signal: AbortSignal,
  reached: () => Promise<boolean>,
  message = () => `Not within ${limit / 1000} s.`,
): Promise<void> {
  const deadline = performance.now() + limit;
  while (!await reached()) {
    if (performance.now() > deadline) throw new CommandError(message());
    await pause(200, undefined, { signal });
  }
}

/** Does what the README and docs/INSTALL.md say, in their order, so that each of their commands works. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { withPath } from "../process/command_line.ts";
import { nodeStatus, stopNode } from "../cluster/node/node.ts";
import { supervise } from "../process/supervise.ts";
import { CommandError } from "../process/command.ts";
import { interruptible } from "../process/interruptible.ts";
import { Kubectl, kubectlFor } from "../deploy/kubectl.ts";
import { AUTHORIZATION_FILE, readAuthorization } from "../demo/authorization_file.ts";
import { LocalGateway } from "../demo/local_gateway.ts";
import { MissingError } from "../needs/missing_error.ts";
import { step } from "../process/step.ts";
import { taskCommand } from "../process/task_command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { WALKED, type WalkStep, walkSteps } from "./walk_steps.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the README says that the demo is. */
const PORT = 8080;

/** Milliseconds that a page may take until it answers: that of a view wakes it. */
const OPENS = 120_000;

/** The templates that an overlay may name. */
const TEMPLATES = ["gateway/views/templates", "example/templates"];

async function walk(signal: AbortSignal): Promise<void> {
  if ((await nodeStatus()).cluster !== undefined) {
    throw new MissingError(
      `The project's node is up; the README starts one. Stop it: \`${taskCommand("demo:down")}\`.`,
    );
  }
  const plans = await Promise.all(WALKED.map(async (document) => {
    return { document, steps: walkSteps(await Deno.readTextFile(join(root, document)), `localhost:${PORT}`) };
  }));
  await using tools = await temporaryDirectory({ prefix: "view-gateway-walk-" });
  await writeCurl(tools.path);
  let kubectl = new Kubectl("kubectl");
  try {
    for (const { document, steps } of plans) {
      for (const one of steps) {
        const place = `${document}, line ${one.line}`;
        try {
          await take(one, place, { tools: tools.path, kubectl }, signal);
        } catch (error) {
          if (error instanceof CommandError) error.message = `${place}: ${error.message}`;
          throw error;
        }
        const { cluster } = await nodeStatus();
        if (cluster) kubectl = new Kubectl(kubectlFor(cluster).command);
      }
      console.log(`${document}: ${steps.length} steps taken, each works`);
    }
  } finally {
    await stopNode();
  }
}

interface Surroundings {
  /** A directory of commands that come before others. */
  readonly tools: string;
  readonly kubectl: Kubectl;
}

async function take(
  one: WalkStep,
  place: string,
  { tools, kubectl }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  switch (one.kind) {
    case "run": {
      console.log(`${place}:\n${one.script}`);
      const script = `cd ${JSON.stringify(root)}\n${one.script}`;
      const status = await supervise(["bash", "-euo", "pipefail", "-c", script], { PATH: withPath(tools) }, signal);
      signal.throwIfAborted();
      if (status !== 0) throw new CommandError(`These commands failed with exit status ${status}:\n${one.script}`);
      return;
    }
    case "open":
      return await step(`${place}: opening ${one.url}`, () => open(one.url, signal));
    case "build overlay":
      return await buildOverlay(one.kustomization, kubectl, signal);
  }
}

/** A reader sees an answer that tells of an error. A script only sees it where curl fails. */
async function writeCurl(directory: string): Promise<void> {
  const script = `#!/bin/sh\nPATH="\${PATH#*:}" exec curl --fail-with-body --silent --show-error "$@"\n`;
  await Deno.writeTextFile(join(directory, "curl"), script, { mode: 0o755 });
}

async function open(url: string, signal: AbortSignal): Promise<void> {
  const { hostname, pathname, search } = new URL(url);
  // The reader has signed in by the link that the demo prints.
  const authorization = await readAuthorization();
  if (authorization === undefined) throw new CommandError(`The demo has not written ${AUTHORIZATION_FILE}.`);
  using gateway = new LocalGateway(PORT);
  const deadline = performance.now() + OPENS;
  while (true) {
    const answer = await gateway.fetch(hostname, `${pathname}${search}`, { headers: { authorization }, signal });
    const text = await answer.text();
    if (answer.status === 200) return;
    if (performance.now() > deadline) throw new CommandError(`${url} answers ${answer.status}: ${text}`);
    await pause(500, undefined, { signal });
  }
}

/** In a copy of gateway/, as the documents' overlays lie there. */
async function buildOverlay(kustomization: string, kubectl: Kubectl, signal: AbortSignal): Promise<void> {
  await using copy = await temporaryDirectory({ prefix: "view-gateway-overlay-" });
  await cp(join(root, "gateway"), copy.path, { recursive: true });
  const overlay = join(copy.path, "mine");
  await Deno.mkdir(overlay);
  for (const templates of TEMPLATES) await cp(join(root, templates), overlay, { recursive: true });
  await Deno.writeTextFile(join(overlay, "kustomization.yaml"), kustomization);
  await kubectl.run(["kustomize", overlay], { signal });
}

new Command("test:readme")
  .description(`Does what ${WALKED.join(" and ")} say, from the first command to the last. The demo must not be up.`)
  .parse(Deno.args, { from: "user" });

await interruptible(walk);

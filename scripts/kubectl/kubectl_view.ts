/** `kubectl view`, a plugin of kubectl for the gateway's API: `deno task kubectl-view` makes one file of it. */
import { CommandError } from "../process/command.ts";
import { interruptible } from "../process/interruptible.ts";
import { CommandFailure } from "./command_failure.ts";
import { GatewayApi } from "./gateway_api.ts";
import { PersonsKubectl } from "./kubeconfig_place.ts";
import { type GivenPlace, placeOf, tokenIn, type TokenSource } from "./place.ts";
import { type GlobalOptions, viewProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import type { ViewCommand } from "./view_command.ts";

/** The status of a program whose reader has gone, as a shell sees it. */
const BROKEN_PIPE = 141;

const MOST_TOKEN = 64 * 1024;

/** Where the environment and the options lead, with the token. */
async function connect(
  options: GlobalOptions,
  { isOffline, signal, terminal }: {
    readonly isOffline: boolean;
    readonly signal: AbortSignal;
    readonly terminal: Terminal;
  },
): Promise<ViewCommand> {
  // An empty variable counts as unset.
  const environment = {
    VIEW_GATEWAY: Deno.env.get("VIEW_GATEWAY") || undefined,
    VIEW_GATEWAY_TOKEN: Deno.env.get("VIEW_GATEWAY_TOKEN") || undefined,
  };
  const kubectl = new PersonsKubectl({ context: options.context, signal });
  const more = { kubectl, terminal, signal, now: Date.now };
  if (isOffline) {
    const api = new GatewayApi({ origin: "http://localhost", token: undefined, signal });
    return { ...more, api, namespace: options.namespace };
  }
  const isComplete = (options.gateway ?? environment.VIEW_GATEWAY) !== undefined &&
    (options.tokenFile ?? options.serviceAccount ?? environment.VIEW_GATEWAY_TOKEN) !== undefined;
  const context: GivenPlace = isComplete && options.context === undefined ? {} : await kubectl.place();
  const { origin, token } = placeOf(options, environment, context);
  const namespace = options.namespace ?? context.namespace;
  const text = await read(token, { kubectl, namespace, terminal });
  return { ...more, api: new GatewayApi({ origin, token: text, signal }), namespace };
}

async function read(
  token: TokenSource,
  { kubectl, namespace, terminal }: Pick<ViewCommand, "kubectl" | "namespace" | "terminal">,
): Promise<string | undefined> {
  switch (token.kind) {
    case "none":
      return undefined;
    case "text":
      return tokenIn(token.text, "VIEW_GATEWAY_TOKEN");
    case "service account":
      return tokenIn(await kubectl.createToken(token.name, namespace), "kubectl's answer");
    case "file":
      return tokenIn(await readTokenFile(token.path, terminal), token.path);
  }
}

async function readTokenFile(path: string, terminal: Terminal): Promise<string> {
  try {
    const { mode, isFile, size } = await Deno.stat(path);
    if (isFile && size > MOST_TOKEN) throw new CommandFailure(`${path} is too large for a token.`);
    if (mode !== null && isFile && (mode & 0o077) !== 0) {
      await terminal.err(`warning: other users of this machine can read or change ${path}: chmod 600 ${path}\n`);
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`The token cannot be read from ${path}: ${(error as Error).message}`);
  }
}

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const terminal = processTerminal();
  const program = viewProgram(async (options, isOffline, run) => {
    const command = await connect(options, { isOffline, signal, terminal });
    using _api = command.api;
    await run(command);
  });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Deno.errors.BrokenPipe) {
      Deno.exitCode = BROKEN_PIPE;
      return;
    }
    if (!(error instanceof CommandFailure || error instanceof CommandError)) throw error;
    await terminal.err(`error: ${error.message}\n`);
    Deno.exitCode = error instanceof CommandFailure ? error.status : 1;
  }
}

if (import.meta.main) await interruptible((signal) => main(Deno.args, signal));

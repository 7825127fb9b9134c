import { CommandError, runCommand } from "../process/command.ts";
import type { GivenPlace } from "./place.ts";

/** The name of our extension of a kubeconfig's context. */
const EXTENSION = "view-gateway";

/** Milliseconds that kubectl may take. */
const LIMIT = 20_000;

interface KubeconfigContext {
  readonly context?: {
    readonly namespace?: string;
    readonly extensions?: readonly { readonly name?: string; readonly extension?: unknown }[];
  };
}

/** kubectl with the person's own kubeconfig. None of the credentials in it is read: kubectl leaves them out. */
export class PersonsKubectl {
  readonly #context: string | undefined;
  readonly #signal: AbortSignal;
  readonly #command: string;

  constructor({ context, signal, command = "kubectl" }: {
    readonly context: string | undefined;
    readonly signal: AbortSignal;
    readonly command?: string;
  }) {
    this.#context = context;
    this.#signal = signal;
    this.#command = command;
  }

  /** @throws CommandError */
  run(args: readonly string[]): Promise<string> {
    const context = this.#context === undefined ? [] : [`--context=${this.#context}`];
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(LIMIT)]);
    return runCommand(this.#command, [...args, ...context], { signal });
  }

  /** What the context says of the gateway; nothing where there is no such context, or no kubectl. */
  async place(): Promise<GivenPlace> {
    try {
      return placeInContext(JSON.parse(await this.run(["config", "view", "--minify", "--output=json"])));
    } catch (error) {
      this.#signal.throwIfAborted();
      // A context that is asked for has to be there.
      if (error instanceof CommandError && this.#context === undefined) return {};
      throw error;
    }
  }

  /** A token that only the gateway accepts. */
  async createToken(serviceAccount: string, namespace: string | undefined): Promise<string> {
    const where = namespace === undefined ? [] : [`--namespace=${namespace}`];
    return (await this.run(["create", "token", serviceAccount, "--audience=view-gateway", ...where])).trim();
  }
}

/** What the only context of a kubeconfig says of the gateway. */
export function placeInContext({ contexts }: { readonly contexts?: readonly KubeconfigContext[] | null }): GivenPlace {
  const context = contexts?.[0]?.context;
  const extension = context?.extensions?.find(({ name }) => name === EXTENSION)?.extension;
  const said = typeof extension === "object" && extension !== null ? extension as Record<string, unknown> : {};
  const text = (member: string) => typeof said[member] === "string" ? said[member] : undefined;
  return {
    gateway: text("gateway"),
    tokenFile: text("tokenFile"),
    serviceAccount: text("serviceAccount"),
    namespace: text("namespace") ?? context?.namespace,
  };
}

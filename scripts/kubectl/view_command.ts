import type { GatewayApi } from "./gateway_api.ts";
import type { PersonsKubectl } from "./kubeconfig_place.ts";
import type { Terminal } from "./terminal.ts";

/** What each command of `kubectl view` works with. */
export interface ViewCommand {
  readonly api: GatewayApi;
  readonly kubectl: PersonsKubectl;
  /** Of the views, as far as the person or the context names it. */
  readonly namespace: string | undefined;
  readonly terminal: Terminal;
  /** Aborts when the person ends the command. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The path of a view in the API. */
export function pathOf(name: string, action = ""): string {
  return `/_api/views/${encodeURIComponent(name)}${action}`;
}

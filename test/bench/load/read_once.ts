import { once } from "node:events";
import { type Agent, request } from "node:http";

export interface OneRead {
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly path: string;
  readonly agent: Agent;
  /** With `host`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends one request and reads the whole answer.
 * @throws Error unless it is 200
 */
export async function readOnce({ headers, ...options }: OneRead): Promise<void> {
  const call = request({ host: "127.0.0.1", ...options, setHost: false, headers: { ...headers } });
  const [response] = await once(call.end(), "response");
  const ended = once(response, "end");
  response.resume();
  await ended;
  if (response.statusCode !== 200) throw new Error(`A request was answered ${response.statusCode}.`);
}

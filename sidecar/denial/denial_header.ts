import { Buffer } from "node:buffer";
import type { ViewState } from "../view/state.ts";
import type { Denial } from "./denial.ts";

/**
 * Characters of a text that a header tells: what is wrong with a spec may fill more than the 60 kB that Envoy takes, and be
 * of no more use to anybody.
 */
const LONGEST = 2_000;

/** A denial as Envoy takes it from the gate to what answers it: see envoy/authorization.ts. */
export function denialHeader(denial: Denial, gateToken: string): string {
  // What the view does is looked at again when the answer is made.
  const told = JSON.stringify(
    { ...denial, state: undefined },
    (_name, value) => typeof value === "string" ? cut(value) : value,
  );
  return `${gateToken}.${Buffer.from(told).toString("base64url")}`;
}

/** The denial that a header tells; undefined where the gate has not set it. */
export function denialOf(
  header: string | null,
  gateToken: string,
  views: { get(name: string): ViewState | undefined },
): Denial | undefined {
  if (!header?.startsWith(`${gateToken}.`)) return undefined;
  const denial: Denial = JSON.parse(Buffer.from(header.slice(gateToken.length + 1), "base64url").toString());
  const told = denial.kind === "waiting" || denial.kind === "timeout" || denial.kind === "unreachable";
  return told ? { ...denial, state: views.get(denial.view) } : denial;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

import { Buffer } from "node:buffer";
import type { ViewState } from "../view/state.ts";
import type { Denial } from "./denial.ts";

/** Characters of a text in the header. Envoy takes 60 kB of headers, and the mistakes in a spec may fill more. */
const TEXT_LIMIT = 2_000;

/** A denial of one request. */
export interface DeniedRequest {
  readonly denial: Denial;
  /** Undefined where the request is not traced. */
  readonly traceId: string | undefined;
}

/** A denial as a header, which Envoy takes from the gate to the sidecar's answers: see envoy/authorization.ts. */
export function denialHeader(denial: Denial, gateToken: string, traceId?: string): string {
  // The answer shows the view's state at the time of the answer.
  const json = JSON.stringify(
    { ...denial, state: undefined, traceId },
    (_name, value) => typeof value === "string" ? shortened(value) : value,
  );
  return `${gateToken}.${Buffer.from(json).toString("base64url")}`;
}

/** The denial in a header; undefined where the gate has not set it. */
export function denialOf(
  header: string | null,
  gateToken: string,
  views: { get(name: string): ViewState | undefined },
): DeniedRequest | undefined {
  if (!header?.startsWith(`${gateToken}.`)) return undefined;
  const json = Buffer.from(header.slice(gateToken.length + 1), "base64url").toString();
  const { traceId, ...denial }: Denial & Partial<Pick<DeniedRequest, "traceId">> = JSON.parse(json);
  const hasState = denial.kind === "waiting" || denial.kind === "timeout" || denial.kind === "unreachable";
  return { denial: hasState ? { ...denial, state: views.get(denial.view) } : denial, traceId };
}

function shortened(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}

import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { Problem } from "@view-gateway/types";
import type { Opening, ViewOpening } from "../access/opening.ts";
import { answerTo } from "../denial/denial.ts";
import { envoy } from "../gen/envoy.js";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import { bidirectional } from "../grpc/method.ts";
import { problem } from "../http/problem.ts";
import { viewOfHost } from "../view/name.ts";
import type { ViewState } from "../view/state.ts";
import { askingHeaders } from "./lake_headers.ts";
import type { KeptSignatures } from "./kept_signatures.ts";
import { lakeRequest } from "./lake_request.ts";
import { headersOf, immediately, type ImmediatelyOptions, toLake } from "./processing.ts";
import type { LakeSettings } from "./settings.ts";
import { signed } from "./signer.ts";
import type { VendingResult } from "./vending_result.ts";
import type { Vending } from "./vending.ts";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type ProcessingRequest = envoy.service.ext_proc.v3.ProcessingRequest;
type HttpHeaders = envoy.service.ext_proc.v3.IHttpHeaders;
type Response = envoy.service.ext_proc.v3.IProcessingResponse;

export const PROCESS = {
  path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
  request: ProcessingRequest,
  response: ProcessingResponse,
};

export interface ExtProcOptions {
  readonly views: { get(name: string): ViewState | undefined };
  readonly vending: Pick<Vending, "credentials">;
  /** Decides who may open which view; missing where everybody may open all. */
  readonly openings?: ViewOpening | undefined;
  /** Decides which signatures Envoy may use again; missing where it may use none. */
  readonly kept?: Pick<KeptSignatures, "allow"> | undefined;
  readonly settings: LakeSettings;
  readonly baseHost: string;
  readonly gateToken: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called with the outcome of each request at the sidecar. */
  readonly onRequest?: (view: string, outcome: "signed" | "refused" | "failed") => void;
}

/**
 * Checks and signs each request below `/_lake/`. Bodies and answers pass through Envoy alone. One call is one HTTP request.
 */
export class ExtProcService {
  readonly #options: ExtProcOptions;

  constructor(options: ExtProcOptions) {
    this.#options = options;
  }

  /** The method to serve. */
  get served(): ServedMethod {
    return { method: bidirectional(PROCESS), handler: (call: Call) => this.#open(call) };
  }

  #open(call: Call): void {
    /** Envoy or its connection has gone, or the call has failed. */
    let over = false;
    const gone = new AbortController();
    let answering: Promise<void> = Promise.resolve();
    const end = () => {
      over = true;
      gone.abort(new Error("Envoy has ended the request."));
    };
    const fail = (error: Error) => {
      if (!over) call.destroy(Object.assign(error, { code: status.INTERNAL }));
      end();
    };
    call.on("data", ({ requestHeaders }: ProcessingRequest) => {
      if (!requestHeaders) {
        return fail(new Error("Envoy has sent an unexpected message: see the processing mode of its ext_proc filter."));
      }
      answering = this.#request(requestHeaders, gone.signal).then(
        (response) => void (over || call.write(response)),
        fail,
      );
    });
    call.on("end", () => answering.then(() => over || call.end()));
    call.on("cancelled", end);
    call.on("error", end);
  }

  async #request(http: HttpHeaders, gone: AbortSignal): Promise<Response> {
    const { views, vending, settings, baseHost, gateToken, now, onRequest } = this.#options;
    const headers = headersOf(http);
    const answer = (problem: Problem, options: ImmediatelyOptions = {}) => immediately(problem, headers, options);
    const host = headers.get(":authority") ?? "";
    const name = viewOfHost(host, baseHost) ?? "";
    const view = views.get(name);
    const opening = await this.#opening(name, view, headers, gone);
    if (opening?.kind === "denied") {
      onRequest?.(name, "refused");
      const { problem, retryAfter } = answerTo(opening.denial);
      return answer(problem, { retryAfter });
    }
    if (view === undefined) {
      return answer(problem(404, "unknown-view", `There is no view at ${host || "a request without Host"}.`));
    }
    if (view.spec === undefined) {
      const detail = view.phase.kind === "failed" ? view.phase.cause.message : `View ${name} has no valid spec.`;
      return answer(problem(500, "invalid-spec", detail, { view: name, reason: "InvalidSpec" }));
    }
    const read = lakeRequest({
      method: headers.get(":method") ?? "",
      target: headers.get(":path") ?? "",
      hasBody: http.endOfStream !== true,
      upgrade: headers.has("upgrade"),
    }, view.spec.subsets);
    if (read.kind === "refused") {
      onRequest?.(name, "refused");
      const allow = read.status === 405 ? { allow: "GET, HEAD" } : {};
      const reason = read.type === "not-in-lake" ? { reason: "NoSuchKey" } : {};
      return answer(problem(read.status, read.type, read.detail, { view: name, ...reason }), allow);
    }
    const vended = await vending.credentials(view);
    if (vended.kind !== "ready") {
      onRequest?.(name, "failed");
      const { problem, ...options } = withoutCredentials(name, vended);
      return answer(problem, options);
    }
    onRequest?.(name, "signed");
    const { credentials } = vended;
    // A listing may tell something new by the next request.
    const kept = read.key === undefined ? undefined : this.#options.kept?.allow(view, opening, credentials.endAt);
    return toLake(await signed(read, credentials, settings, now()), name, headers, { gateToken, kept });
  }

  /** Whether the request may open the view; undefined where it need not ask. A host that names no view opens none. */
  async #opening(
    name: string,
    view: ViewState | undefined,
    sent: ReadonlyMap<string, string>,
    gone: AbortSignal,
  ): Promise<Opening | undefined> {
    const { openings } = this.#options;
    if (openings === undefined || name === "") return undefined;
    // The answer can set no cookie: the page's own requests renew it.
    const head = { name, view, method: sent.get(":method") ?? "", headers: askingHeaders(sent), navigation: false };
    return await openings.mayOpen(head, gone);
  }
}

type Call = ServerDuplexStream<ProcessingRequest, Response>;

function withoutCredentials(
  view: string,
  vended: Exclude<VendingResult, { readonly kind: "ready" }>,
): ImmediatelyOptions & { readonly problem: Problem } {
  if (vended.kind === "fault") {
    const detail = `The gateway has failed at view ${view}; the sidecar's log tells why.`;
    return { problem: problem(500, "internal", detail, { view }) };
  }
  const reason = vended.kind === "failed" ? { reason: vended.cause.reason } : {};
  const message = vended.kind === "failed" ? vended.cause.message : vended.message;
  const detail = `There are no credentials for view ${view}: ${message}`;
  return { problem: problem(503, "no-credentials", detail, { view, ...reason }), retryAfter: 2 };
}

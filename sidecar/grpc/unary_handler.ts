import { type handleUnaryCall, status } from "@grpc/grpc-js";

/** How a call ends that is not answered. */
export class CallError extends Error {
  override readonly name = "CallError";

  constructor(readonly code: status, message: string) {
    super(message);
  }
}

/**
 * Serves a method by an asynchronous function. Its signal is aborted when the client hangs up, or the connection ends,
 * before there is an answer. What it throws ends the call: a CallError with its code, anything else as INTERNAL.
 */
export function unaryHandler<Request, Response>(
  answer: (request: Request, hungUp: AbortSignal) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, respond) => {
    const hungUp = new AbortController();
    let answered = false;
    // grpc-js says `cancelled` at the end of every call, also of one that went well.
    call.on("cancelled", () => answered || hungUp.abort(new CallError(status.CANCELLED, "The client hung up")));
    answer(call.request, hungUp.signal).then(
      (response) => {
        answered = true;
        respond(null, response);
      },
      (error: unknown) => {
        answered = true;
        const code = error instanceof CallError ? error.code : status.INTERNAL;
        respond({ code, details: error instanceof Error ? error.message : String(error) });
      },
    );
  };
}

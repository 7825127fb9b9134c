/** What Envoy has ACKed of views' endpoints. */
export interface EndpointAcks {
  /** Whether Envoy has ACKed the endpoints that the view has now. */
  isAcked(view: string): boolean;
  /** Resolves once it has; rejects with the signal's reason, or with an EndpointsRefusedError. */
  untilAcked(view: string, signal: AbortSignal): Promise<void>;
}

/** Envoy refuses a view's cluster or endpoints. The message names the resource, and has Envoy's reason. */
export class EndpointsRefusedError extends Error {
  override readonly name = "EndpointsRefusedError";
}

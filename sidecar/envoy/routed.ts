/** What Envoy knows of a view. */
export interface Routed {
  /** Whether Envoy has ACKed the endpoints that the view has now. */
  now(view: string): boolean;
  /** Resolves once it has; rejects with the signal's reason, or with an Error where Envoy refuses them. */
  until(view: string, signal: AbortSignal): Promise<void>;
}

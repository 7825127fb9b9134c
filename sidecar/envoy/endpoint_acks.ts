/** What Envoy knows of a view. */
export interface Routed {
  /** Whether Envoy has ACKed the endpoints that the view has now. */
  now(view: string): boolean;
  /** Resolves once it has; rejects with the signal's reason, or with a NotRoutedError where Envoy refuses them. */
  until(view: string, signal: AbortSignal): Promise<void>;
}

/** Envoy refuses a view's cluster or endpoints; the message names the resource, and is Envoy's own else. */
export class NotRoutedError extends Error {
  override readonly name = "NotRoutedError";
}

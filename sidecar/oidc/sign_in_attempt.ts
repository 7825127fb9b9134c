/** What one attempt to sign in needs from its begin to its end. Its browser has it, in an encrypted cookie. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
  readonly verifier: string;
  /** As the issuer got it, without a query. */
  readonly redirectUri: string;
}

export function attemptText({ state, nonce, verifier, redirectUri }: SignInAttempt): string {
  return JSON.stringify([state, nonce, verifier, redirectUri]);
}

/** Undefined where the text is no attempt's. */
export function attemptOf(text: string): SignInAttempt | undefined {
  try {
    const [state, nonce, verifier, redirectUri, ...more] = JSON.parse(text);
    const members = [state, nonce, verifier, redirectUri];
    if (more.length > 0 || !members.every((member) => typeof member === "string" && member !== "")) return undefined;
    return { state, nonce, verifier, redirectUri };
  } catch {
    return undefined;
  }
}

/** This folder is the client of an OpenID Connect issuer. The routes of the sign-in are in auth/. */
import type { Identity } from "../access/identity.ts";

/** Where people say who they are. */
export interface IdentityProvider {
  /**
   * Begins an attempt to sign in.
   * @param returnTo the URL at the base host to which the issuer sends the browser back
   * @throws SignInError
   */
  begin(returnTo: string, options?: BeginOptions): Promise<BegunSignIn>;
  /**
   * Ends an attempt: who the issuer says that the person is.
   * @param callbackUrl the URL that the browser came back to, with its query
   * @param attempt that of `begin`
   * @throws SignInError
   */
  finish(callbackUrl: string, attempt: string): Promise<SignedIn>;
}

export interface BeginOptions {
  /** The issuer asks the person nothing: who is not signed in there comes back as `login-required`. */
  readonly silent?: boolean;
}

export interface BegunSignIn {
  /** The issuer's page, for the browser. */
  readonly url: string;
  /** The `state` of the callback, which tells the attempts of a browser apart. */
  readonly state: string;
  /** What `finish` needs. It holds secrets: only the browser of this attempt may have it, encrypted. */
  readonly attempt: string;
}

export interface SignedIn {
  readonly identity: Identity;
  /** When the issuer said so, in seconds since the epoch. */
  readonly authTime: number;
}

/**
 * Why a sign-in has failed.
 * - `issuer-unavailable`: the issuer is away, or answers what it must not. Another attempt may succeed.
 * - `client-refused`: the issuer does not accept this gateway as its client. An operator has to correct the settings.
 * - `login-required`: a silent attempt cannot succeed; one that asks the person may.
 * - `refused`: the issuer, or the person there, has said no.
 * - `attempt-mismatch`: the callback does not belong to the attempt.
 * - `claims`: what the issuer says of the person cannot be used.
 */
export type SignInFailure =
  | "issuer-unavailable"
  | "client-refused"
  | "login-required"
  | "refused"
  | "attempt-mismatch"
  | "claims";

const STATUS: Readonly<Record<SignInFailure, number>> = {
  "issuer-unavailable": 503,
  "client-refused": 500,
  "login-required": 401,
  "refused": 403,
  "attempt-mismatch": 400,
  "claims": 403,
};

/** A sign-in that has failed. The message is for people: it names the cause and what to do, and holds no secret. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly kind: SignInFailure;

  constructor(kind: SignInFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return STATUS[this.kind];
  }
}

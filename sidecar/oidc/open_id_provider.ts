import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { Deadline } from "../async/deadline.ts";
import { Semaphore } from "../async/semaphore.ts";
import { attemptOf, attemptText } from "./sign_in_attempt.ts";
import { type Claims, identityOf, lacksClaims } from "./identity_of_claims.ts";
import {
  type BeginOptions,
  type BegunSignIn,
  type IdentityProvider,
  type SignedIn,
  SignInError,
} from "./identity_provider.ts";
import type { Issuer } from "./issuer.ts";
import type { OidcSettings } from "./settings.ts";
import { signInFailure } from "./sign_in_failure.ts";

export interface OpenIdProviderOptions {
  readonly settings: OidcSettings;
  readonly issuer: Pick<Issuer, "configuration" | "answering">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that the end of an attempt waits for its turn. */
  readonly turn?: number;
}

/** Attempts that end at once, each by questions to the issuer. */
export const ENDS_AT_ONCE = 20;

const TURN = 5_000;

const BUSY = "Too many people sign in at this moment. Try again.";

/** An OpenID Connect issuer, by the authorization code flow with PKCE: nothing is kept here between begin and end. */
export class OpenIdProvider implements IdentityProvider {
  readonly #options: OpenIdProviderOptions;
  readonly #turns = new Semaphore(ENDS_AT_ONCE);

  constructor(options: OpenIdProviderOptions) {
    this.#options = options;
  }

  async begin(returnTo: string, { silent = false }: BeginOptions = {}): Promise<BegunSignIn> {
    const { settings } = this.#options;
    const attempt = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      redirectUri: returnTo,
    };
    const url = buildAuthorizationUrl(await this.#configuration("answering"), {
      response_type: "code",
      redirect_uri: returnTo,
      scope: settings.scopes,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
      ...silent && { prompt: "none" },
    });
    return { url: url.href, state: attempt.state, attempt: attemptText(attempt) };
  }

  /** Whoever begins attempts can end them with invented codes without end: only so many reach the issuer at once. */
  async finish(callbackUrl: string, text: string): Promise<SignedIn> {
    using wait = new Deadline([], this.#options.turn ?? TURN);
    const work = () => this.#finish(callbackUrl, text);
    return await this.#turns.use(work, wait.signal).catch((error) => {
      throw error === wait.signal.reason ? new SignInError("issuer-unavailable", BUSY) : error;
    });
  }

  async #finish(callbackUrl: string, text: string): Promise<SignedIn> {
    const attempt = attemptOf(text);
    const callback = new URL(callbackUrl);
    if (attempt === undefined || callback.searchParams.get("state") !== attempt.state) {
      throw new SignInError(
        "attempt-mismatch",
        "This browser did not begin the sign-in that this answer of the issuer belongs to. Sign in again.",
      );
    }
    const configuration = await this.#configuration("configuration");
    // Behind a proxy the host of the callback may differ. The issuer compares it with the redirect URI of the beginning.
    const current = new URL(attempt.redirectUri);
    current.search = callback.search;
    try {
      const tokens = await authorizationCodeGrant(configuration, current, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      });
      const claims = await this.#claims(configuration, tokens.claims()!, tokens.access_token);
      return {
        identity: identityOf(claims, this.#options.settings.claims),
        authTime: Math.floor(this.#options.now() / 1000),
      };
    } catch (error) {
      throw signInFailure(error, this.#options.settings.issuer);
    }
  }

  /** Some issuers say of a person in UserInfo what their ID token leaves out. The ID token counts where both say it. */
  async #claims(
    configuration: Configuration,
    idToken: Claims & { readonly sub: string },
    accessToken: string,
  ): Promise<Claims> {
    const { userinfo_endpoint: userInfo } = configuration.serverMetadata();
    if (userInfo === undefined || !lacksClaims(idToken, this.#options.settings.claims)) return idToken;
    return { ...await fetchUserInfo(configuration, accessToken, idToken.sub), ...idToken };
  }

  async #configuration(how: "configuration" | "answering"): Promise<Configuration> {
    try {
      return await this.#options.issuer[how]();
    } catch (error) {
      throw signInFailure(error, this.#options.settings.issuer);
    }
  }
}

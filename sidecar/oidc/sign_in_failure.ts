import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { ClientSecretError } from "./client_secret.ts";
import { SignInError } from "./identity_provider.ts";
import { causes, issuerCause } from "./issuer_cause.ts";
import { IssuerError } from "./issuer_error.ts";

/** The person is not signed in at the issuer, or has to do something there: OpenID Connect Core 3.1.2.6. */
const LOGIN_REQUIRED = new Set([
  "login_required",
  "interaction_required",
  "consent_required",
  "account_selection_required",
]);

/** Errors by which an issuer says that the fault is the client's, so an operator's. */
const CLIENT_FAULTS = new Set([
  "invalid_client",
  "unauthorized_client",
  "invalid_scope",
  "unsupported_response_type",
  "unsupported_grant_type",
  "invalid_request",
]);

const AGAIN = "Sign in again.";

/** The failure, in words for the person who signs in. @param issuer its URL */
export function signInFailure(error: unknown, issuer: string): SignInError {
  if (error instanceof SignInError) return error;
  const chain = causes(error);
  const secret = chain.find((cause) => cause instanceof ClientSecretError);
  if (secret !== undefined) {
    return new SignInError(
      "client-refused",
      `OIDC_CLIENT_SECRET_FILE must be a file with the client's secret: ${(secret as Error).message}.`,
      { cause: error },
    );
  }
  if (error instanceof AuthorizationResponseError) return refused(error, issuer, error.error);
  if (error instanceof ResponseBodyError) return refused(error, issuer, error.error);
  if (error instanceof WWWAuthenticateChallengeError) return clientRefused(error, issuer, "invalid_client");
  if (error instanceof ClientError && !chain.some((cause) => cause instanceof IssuerError)) {
    const mismatch = mismatched(error);
    if (mismatch !== undefined) return new SignInError("attempt-mismatch", `${mismatch} ${AGAIN}`, { cause: error });
  }
  return new SignInError(
    "issuer-unavailable",
    `Nobody can sign in at the moment: the issuer ${issuer} ${issuerCause(error)}.`,
    { cause: error },
  );
}

function refused(error: Error, issuer: string, code: string): SignInError {
  if (LOGIN_REQUIRED.has(code)) {
    return new SignInError("login-required", `The issuer asks for a sign-in (${code}). ${AGAIN}`, { cause: error });
  }
  if (CLIENT_FAULTS.has(code)) return clientRefused(error, issuer, code);
  // The code of a callback is used once, and not for long.
  if (code === "invalid_grant") {
    return new SignInError(
      "attempt-mismatch",
      `The issuer says that this sign-in is used, expired or another's. ${AGAIN}`,
      { cause: error },
    );
  }
  if (code === "server_error" || code === "temporarily_unavailable") {
    return new SignInError(
      "issuer-unavailable",
      `Nobody can sign in at the moment: the issuer ${issuer} answers ${code}.`,
      { cause: error },
    );
  }
  const said = code === "access_denied" ? "The sign-in was cancelled, or the issuer denies it" : "The issuer refuses";
  return new SignInError("refused", `${said} (${shortened(code)}).`, { cause: error });
}

function clientRefused(error: Error, issuer: string, code: string): SignInError {
  return new SignInError(
    "client-refused",
    `The issuer ${issuer} does not accept this gateway as its client (${code}). ` +
      "An operator has to compare OIDC_CLIENT_ID, OIDC_CLIENT_SECRET_FILE, OIDC_SCOPES and the redirect URI with the client at the issuer.",
    { cause: error },
  );
}

/** What does not fit between the callback, the ID token and the attempt. */
function mismatched({ cause }: ClientError): string | undefined {
  const { message = "", cause: inner } = (cause ?? {}) as { readonly message?: string; readonly cause?: unknown };
  if ((inner as { readonly claim?: unknown } | undefined)?.claim === "nonce") {
    return "The issuer's answer belongs to another attempt to sign in.";
  }
  // https://www.rfc-editor.org/rfc/rfc9207#section-2.4
  return /"iss".* response parameter|response parameter "iss"/.test(message)
    ? "The answer comes from another issuer."
    : undefined;
}

function shortened(code: string): string {
  return code.replace(/[^!-~]/g, "").slice(0, 64);
}

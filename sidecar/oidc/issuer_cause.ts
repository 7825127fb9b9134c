import { ClientError } from "openid-client";
import { IssuerError } from "./issuer_error.ts";

/** Why the issuer cannot be used, as the end of a sentence that begins with the issuer. */
export function issuerCause(error: unknown): string {
  const known = causes(error).find((cause) => cause instanceof IssuerError);
  if (known !== undefined) return (known as IssuerError).message;
  if (!(error instanceof ClientError)) return `cannot be asked: ${messageOf(error)}`;
  const { code, cause } = error;
  switch (code) {
    case "OAUTH_RESPONSE_IS_NOT_CONFORM":
      return cause instanceof Response ? `answers with the status ${cause.status}` : "answers what it must not";
    case "OAUTH_RESPONSE_IS_NOT_JSON":
      return cause instanceof Response
        ? `answers with ${cause.headers.get("content-type") ?? "no content type"} and not with JSON`
        : "does not answer with JSON";
    case "OAUTH_PARSE_ERROR":
      return "answers with what cannot be read as JSON";
    default:
      return anotherIssuer(cause) ?? `answers what it must not: ${messageOf(causes(error).at(-1))}`;
  }
}

/** An error, and what has caused it. */
export function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next instanceof Error && chain.length < 8; next = next.cause) chain.push(next);
  return chain.length === 0 ? [error] : chain;
}

/** What a discovery document has in place of the issuer. */
function anotherIssuer(cause: unknown): string | undefined {
  const { attribute, body } = (cause ?? {}) as {
    readonly attribute?: unknown;
    readonly body?: { readonly issuer?: unknown };
  };
  if (attribute !== "issuer") return undefined;
  return `names another issuer in its discovery document: ${JSON.stringify(body?.issuer)?.slice(0, 200)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { CommandFailure } from "./command_failure.ts";

/** What a person may say of the gateway, by options, the environment or a context of the kubeconfig. */
export interface GivenPlace {
  readonly gateway?: string | undefined;
  /** A file with the token, or with a header `Authorization: Bearer TOKEN`. */
  readonly tokenFile?: string | undefined;
  /** A service account for which kubectl creates a token. */
  readonly serviceAccount?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Where a token comes from. */
export type TokenSource =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "service account"; readonly name: string }
  | { readonly kind: "none" };

/** Which gateway is asked, and as whom. */
export interface Place {
  /** Without a path and a slash at its end. */
  readonly origin: string;
  readonly token: TokenSource;
}

export interface PlaceVariables {
  readonly VIEW_GATEWAY?: string | undefined;
  readonly VIEW_GATEWAY_TOKEN?: string | undefined;
}

/**
 * Options come before the environment, and that before the context. A context's token goes to that context's gateway
 * alone.
 * @throws CommandFailure
 */
export function placeOf(options: GivenPlace, environment: PlaceVariables, context: GivenPlace): Place {
  const named = options.gateway ?? environment.VIEW_GATEWAY;
  const address = named ?? context.gateway;
  if (address === undefined) {
    throw new CommandFailure(
      "No gateway is named. Set VIEW_GATEWAY, or use --gateway, for instance --gateway=https://views.example.com.",
    );
  }
  const origin = originOf(address);
  const token = tokenOf(options) ??
    (environment.VIEW_GATEWAY_TOKEN === undefined
      ? undefined
      : { kind: "text", text: environment.VIEW_GATEWAY_TOKEN } as const) ??
    (context.gateway !== undefined && originOf(context.gateway) === origin ? tokenOf(context) : undefined) ??
    { kind: "none" } as const;
  if (token.kind !== "none" && origin.startsWith("http:") && !isOwnMachine(new URL(origin).hostname)) {
    throw new CommandFailure(
      `${origin} has no TLS, so everybody on the way could read your token. Use the gateway's https address.`,
    );
  }
  return { origin, token };
}

function tokenOf({ tokenFile, serviceAccount }: GivenPlace): TokenSource | undefined {
  if (tokenFile !== undefined) return { kind: "file", path: tokenFile };
  return serviceAccount === undefined ? undefined : { kind: "service account", name: serviceAccount };
}

function originOf(address: string): string {
  const hostname = URL.parse(`http://${address}`)?.hostname ?? "";
  const whole = /^[a-z]+:\/\//i.test(address) ? address : `${isOwnMachine(hostname) ? "http" : "https"}://${address}`;
  const url = URL.parse(whole);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash) {
    throw new CommandFailure(`The gateway must be an address such as https://views.example.com, but is "${address}".`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new CommandFailure("The gateway's address must have no user and no password.");
  }
  return url.origin;
}

/** Whether a name is this machine's: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isOwnMachine(hostname: string): boolean {
  return isBelowLocalhost(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "[::1]";
}

export function isBelowLocalhost(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}

const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;

/**
 * The token in a text: by itself, or in a header for `curl -H @FILE`.
 * @param where names the text in an error, which must not show it
 * @throws CommandFailure
 */
export function tokenIn(text: string, where: string): string {
  const token = text.trim().replace(/^Authorization:\s*/i, "").replace(/^Bearer\s+/i, "");
  if (!TOKEN.test(token)) {
    throw new CommandFailure(`${where} has no token: it must have one alone, or as "Authorization: Bearer TOKEN".`);
  }
  return token;
}

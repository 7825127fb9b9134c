/** What the environment says of the example's issuer. */
export interface ProviderSettings {
  /** The URL that people's browsers know it by. */
  readonly issuer: string;
  readonly hostname: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** A JSON file with the people, read for each request; undefined for the example's own. */
  readonly peopleFile: string | undefined;
  /** A directory with tls.crt and tls.key, in the shape of a Secret; undefined for plain HTTP. */
  readonly tlsDirectory: string | undefined;
}

/** @throws Error with all variables that are missing */
export function providerSettings(get: (variable: string) => string | undefined): ProviderSettings {
  const missing = ["ISSUER", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URIS"].filter((variable) => !get(variable));
  if (missing.length > 0) throw new Error(`These variables are missing: ${missing.join(", ")}.`);
  return {
    issuer: get("ISSUER")!,
    hostname: get("LISTEN_ADDRESS") ?? "0.0.0.0",
    port: Number(get("LISTEN_PORT") ?? 8080),
    clientId: get("CLIENT_ID")!,
    clientSecret: get("CLIENT_SECRET")!,
    redirectUris: get("REDIRECT_URIS")!.split(" "),
    peopleFile: get("PEOPLE_FILE"),
    tlsDirectory: get("TLS_DIRECTORY"),
  };
}

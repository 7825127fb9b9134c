import { CLIENT } from "../../../test/issuer/provider_process.ts";
import { systemTime } from "../../async/time.ts";
import { Gateway } from "../../envoy/testing/gateway.ts";
import type { Log } from "../../logging.ts";
import { IssuerRoutes } from "../../routing/issuer_routes.ts";
import { Issuer } from "../issuer.ts";
import { IssuerClient } from "../issuer_client.ts";
import { OpenIdProvider } from "../open_id_provider.ts";
import type { OidcSettings } from "../settings.ts";

export const CALLBACK = "http://localhost:8080/_auth/callback";

/** The sidecar's part of a sign-in, with the real Envoy between it and an issuer. */
export class SignInGateway implements AsyncDisposable {
  readonly provider: OpenIdProvider;
  readonly issuer: Issuer;
  readonly client: IssuerClient;
  readonly settings: OidcSettings;
  /** What was logged, with the values in it. */
  readonly logged: readonly string[];
  /** Each set of several origins to which Envoy was given a way. */
  readonly reached: readonly (readonly string[])[];
  /** Lets time pass, by the clock that says how long an answer of the issuer counts. */
  readonly pass: (milliseconds: number) => void;
  readonly #gateway: Gateway;
  readonly #stop: AbortController;
  readonly #secretFile: string;

  private constructor(
    made: Pick<SignInGateway, "provider" | "issuer" | "client" | "settings" | "logged" | "reached" | "pass">,
    own: { readonly gateway: Gateway; readonly stop: AbortController; readonly secretFile: string },
  ) {
    this.provider = made.provider;
    this.issuer = made.issuer;
    this.client = made.client;
    this.settings = made.settings;
    this.logged = made.logged;
    this.reached = made.reached;
    this.pass = made.pass;
    this.#gateway = own.gateway;
    this.#stop = own.stop;
    this.#secretFile = own.secretFile;
  }

  static async start(issuer: string, given: Partial<OidcSettings> = {}): Promise<SignInGateway> {
    const secretFile = await Deno.makeTempFile({ prefix: "client-secret-" });
    await Deno.writeTextFile(secretFile, `${CLIENT.secret}\n`);
    const settings: OidcSettings = {
      issuer,
      clientId: CLIENT.id,
      clientSecretFile: secretFile,
      scopes: "openid profile email groups",
      claims: { user: "sub", groups: "groups", prefix: "oidc:" },
      address: `127.0.0.1:${new URL(issuer).port}`,
      caFile: "/etc/ssl/certs/ca-certificates.crt",
      ...given,
    };
    const upstream = { url: issuer, address: settings.address, caFile: settings.caFile };
    const gateway = await Gateway.start({ settings: { issuer: upstream } });
    const stop = new AbortController();
    const clock = { now: 0 };
    const client = new IssuerClient(gateway.settings.socketDirectory, systemTime.pause, stop.signal);
    const routes = new IssuerRoutes(gateway.controlPlane.xds, upstream);
    const [logged, reached]: [string[], (readonly string[])[]] = [[], []];
    const discovered = new Issuer({
      settings,
      client,
      reach: async (origins, signal, limit) => {
        if (origins.length > 1) reached.push(origins);
        await routes.reach(origins, signal, limit);
      },
      onAsked: () => {},
      log: logInto(logged),
      time: { ...systemTime, clock: () => clock.now },
      signal: stop.signal,
    });
    const provider = new OpenIdProvider({ settings, issuer: discovered, now: Date.now });
    const pass = (milliseconds: number) => void (clock.now += milliseconds);
    return new SignInGateway({ provider, issuer: discovered, client, settings, logged, reached, pass }, {
      gateway,
      stop,
      secretFile,
    });
  }

  /** Replaces the client's secret. */
  async setSecret(secret: string): Promise<void> {
    await Deno.writeTextFile(this.#secretFile, secret);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.issuer.idle();
    this.client.close();
    await this.#gateway[Symbol.asyncDispose]();
    await Deno.remove(this.#secretFile);
  }
}

function logInto(lines: string[]): Log {
  const add = (message: string, values: Record<string, unknown>) =>
    void lines.push(message.replace(/\{(\w+)\}/g, (_, name) => String(values[name])));
  return { info: add, warn: add, error: add };
}

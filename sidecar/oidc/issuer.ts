import { isDeepStrictEqual } from "node:util";
import {
  allowInsecureRequests,
  type ClientAuth,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from "openid-client";
import { Backoff } from "../async/backoff.ts";
import { orAborted } from "../async/or_aborted.ts";
import { SingleFlight } from "../async/single_flight.ts";
import type { Time } from "../async/time.ts";
import type { Log } from "../logging.ts";
import { clientAuthentication } from "./client_authentication.ts";
import type { IssuerClient } from "./issuer_client.ts";
import { issuerOrigins } from "./issuer_endpoints.ts";
import { IssuerError } from "./issuer_error.ts";
import { issuerCause } from "./issuer_cause.ts";
import type { OidcSettings } from "./settings.ts";

export interface IssuerOptions {
  readonly settings: OidcSettings;
  readonly client: Pick<IssuerClient, "fetch">;
  /**
   * Gives Envoy a way to each of these origins. Resolves once Envoy has taken it.
   * @param limit milliseconds; default: those for which a person waits
   */
  readonly reach: (origins: readonly string[], signal: AbortSignal, limit?: number) => Promise<void>;
  /** Called after each attempt to discover the issuer. */
  readonly onAsked: (succeeded: boolean) => void;
  readonly log: Log;
  readonly time: Time;
  /** Ends all that is under way. */
  readonly signal: AbortSignal;
}

/** Milliseconds from one discovery to the next: an issuer may move its endpoints. */
const REFRESH = 3_600_000;

/** Milliseconds between attempts while the issuer does not answer. */
const RETRY = { first: 1_000, longest: 60_000 };

/** Milliseconds for which an answer of the issuer, or a failure, counts for the next sign-in. */
const COUNTS = { answer: 10_000, failure: 1_000 };

/** The issuer, as its discovery document describes it. The sidecar starts without it, and asks until it answers. */
export class Issuer {
  readonly #options: IssuerOptions;
  readonly #flights = new SingleFlight<Configuration>();
  /** Those that Envoy needs a way to; from the start, the issuer's own. */
  #origins: readonly string[];
  #known: { readonly configuration: Configuration; readonly at: number } | undefined;
  #failure: { readonly error: IssuerError; readonly at: number } | undefined;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#origins = [new URL(options.settings.issuer).origin];
  }

  /**
   * The client's configuration.
   * @throws IssuerError
   */
  async configuration(): Promise<Configuration> {
    return this.#known?.configuration ?? await this.answering();
  }

  /**
   * The same, and the issuer answers now. A browser cannot come back from an issuer that is away.
   * @throws IssuerError
   */
  async answering(): Promise<Configuration> {
    const [known, failure, now] = [this.#known, this.#failure, this.#options.time.clock()];
    if (failure !== undefined && now - failure.at < COUNTS.failure) throw failure.error;
    if (known !== undefined && failure === undefined && now - known.at < COUNTS.answer) return known.configuration;
    return await this.#discover();
  }

  /** Discovers the issuer, and again and again, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { reach, time } = this.#options;
    // Envoy starts after the sidecar, which is no fault. What Envoy refuses is reported below.
    await reach(this.#origins, signal, Infinity).catch(() => {});
    const backoff = new Backoff(time.random, RETRY.first, RETRY.longest);
    while (!signal.aborted) {
      const found = await this.#discover().then(() => true, () => false);
      if (found) backoff.reset();
      await time.pause(found ? REFRESH * (1 - time.random() / 2) : backoff.next(), signal).catch(() => {});
    }
  }

  /** Resolves once nothing is under way. */
  idle(): Promise<void> {
    return this.#flights.idle();
  }

  /** All who ask at a time share one attempt. */
  #discover(): Promise<Configuration> {
    return this.#flights.run("", async () => {
      const { settings: { issuer }, onAsked, log, time } = this.#options;
      try {
        const found = await this.#ask();
        if (this.#failure !== undefined || this.#known === undefined) {
          log.info("People can sign in at {issuer}", { issuer });
        }
        this.#known = { configuration: found, at: time.clock() };
        this.#failure = undefined;
        onAsked(true);
        return found;
      } catch (cause) {
        const error = new IssuerError(issuerCause(cause), { cause });
        if (error.message !== this.#failure?.error.message && !this.#options.signal.aborted) {
          log.warn("The issuer {issuer} {cause}", { issuer, cause: error.message });
        }
        this.#failure = { error, at: time.clock() };
        onAsked(false);
        throw error;
      }
    });
  }

  async #ask(): Promise<Configuration> {
    const { settings, client, reach, signal } = this.#options;
    const server = new URL(settings.issuer);
    await reach(this.#origins, signal);
    const execute = server.protocol === "http:" ? [allowInsecureRequests] : [];
    const found = await orAborted(
      discovery(server, settings.clientId, {}, none, { [customFetch]: client.fetch, execute }),
      signal,
    );
    const metadata = found.serverMetadata();
    const origins = issuerOrigins(settings.issuer, metadata);
    await reach(origins, signal);
    this.#origins = origins;
    // The keys that the former configuration has read count on.
    const known = this.#known?.configuration;
    if (known !== undefined && isDeepStrictEqual(known.serverMetadata(), metadata)) return known;
    const configuration = new Configuration(metadata, settings.clientId, {}, clientAuthentication(settings, metadata));
    configuration[customFetch] = client.fetch;
    if (server.protocol === "http:") allowInsecureRequests(configuration);
    // Checks the ID token's signature too, which the code flow does not ask for where TLS protects the token's way.
    enableNonRepudiationChecks(configuration);
    return configuration;
  }
}

const none: ClientAuth = () => {};

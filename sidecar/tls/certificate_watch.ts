import type { Pause } from "../async/pause.ts";
import type { Log } from "../logging.ts";
import type { Judgement, UsableCertificate } from "./certificate.ts";

/** Milliseconds between two looks. The kubelet itself takes about a minute to renew the files. */
const PERIOD = 30_000;

export interface CertificateWatchOptions {
  readonly judge: (now: number) => Promise<Judgement>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: Pause;
  readonly log: Pick<Log, "info" | "warn">;
}

/**
 * Reports what is wrong with the certificate. It changes nothing: Envoy watches the files itself, and keeps the former
 * certificate where it cannot use the new one.
 */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  #served: UsableCertificate | undefined;
  #problems: readonly string[] = [];

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
  }

  /** Seconds until the certificate expires that Envoy shows to clients. */
  get secondsLeft(): number {
    return this.#served === undefined ? 0 : (this.#served.validTo - this.#options.now()) / 1000;
  }

  /** What is wrong with the files now. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Looks at the files until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await this.#options.pause(PERIOD, signal).catch(() => {});
    }
  }

  /** Looks at the files once. */
  async look(): Promise<void> {
    const { judge, now, log } = this.#options;
    const { certificate, problems } = await judge(now());
    if (certificate !== undefined && certificate.serialNumber !== this.#served?.serialNumber) {
      const { serialNumber, validTo } = certificate;
      log.info("The certificate is valid until {until}", { until: new Date(validTo).toISOString(), serialNumber });
    }
    this.#served = certificate ?? this.#served;
    const fresh = problems.filter((problem) => !this.#problems.includes(problem));
    this.#problems = problems;
    for (const problem of fresh) {
      log.warn(
        certificate === undefined
          ? "The certificate in TLS_DIRECTORY cannot be used, and Envoy keeps the former one: {problem}"
          : "Clients refuse the certificate in TLS_DIRECTORY: {problem}",
        { problem },
      );
    }
  }
}

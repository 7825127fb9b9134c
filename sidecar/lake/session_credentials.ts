/** The parts of temporary S3 credentials. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Temporary S3 credentials of one view. Whatever prints an object cannot reach the keys: logs, JSON and error texts show
 * only when they were made and when they end.
 */
export class SessionCredentials {
  readonly #keys: SessionKeys;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** Milliseconds since the epoch. */
  readonly endAt: number;

  constructor(keys: SessionKeys, madeAt: number, endAt: number) {
    this.#keys = keys;
    this.madeAt = madeAt;
    this.endAt = endAt;
  }

  get keys(): SessionKeys {
    return this.#keys;
  }

  /** When to renew them: at half of their life. */
  get renewAt(): number {
    return (this.madeAt + this.endAt) / 2;
  }

  get life(): number {
    return this.endAt - this.madeAt;
  }

  /**
   * The same keys, with an end of their own: STS gives ends in whole seconds, and a pod's annotation tells by the end which
   * credentials it has. A millisecond too late does no harm.
   */
  endingAfter(former: SessionCredentials | undefined): SessionCredentials {
    const endTogether = former !== undefined && former.endAt >= this.endAt && former.endAt - this.endAt < 1_000;
    return endTogether ? new SessionCredentials(this.#keys, this.madeAt, former.endAt + 1) : this;
  }
}

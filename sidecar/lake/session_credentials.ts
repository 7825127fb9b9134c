/** The parts of temporary S3 credentials. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Temporary S3 credentials of one view. The keys are out of reach of whatever writes an object down: logs, JSON and
 * error texts show when they end and nothing else.
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

  /** When they are to be renewed: half of their life is over. */
  get renewAt(): number {
    return (this.madeAt + this.endAt) / 2;
  }

  get life(): number {
    return this.endAt - this.madeAt;
  }
}

/** How a command of `kubectl view` ends; its help lists them. */
export const EXIT_STATUS = { done: 0, refused: 1, timeout: 2, failed: 3 } as const;

/** A command cannot do what it is asked for. The message is for the person who typed it. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly status: number;

  constructor(message: string, status: number = EXIT_STATUS.refused) {
    super(message);
    this.status = status;
  }
}

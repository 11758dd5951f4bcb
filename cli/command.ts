/** One command of `headgate`. */
export interface Command {
  /** Word after `headgate`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  /** @returns Exit code. */
  run(args: string[]): Promise<number>;
}

/** Something the caller can mend, told without a stack; the exit code is 2. */
export class UsageError extends Error {}

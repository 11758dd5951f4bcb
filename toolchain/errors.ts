/** A piece of the toolchain cannot be had; `fix` says what the person at the machine can do about it. */
export class ToolchainError extends Error {
  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(`${problem} ${fix}`);
    this.name = "ToolchainError";
  }
}

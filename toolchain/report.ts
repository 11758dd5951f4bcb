export type Log = (line: string) => void;

/** One line per decision: `pulumi     v3.259.0      built from Go modules (cached)`. */
export const line = (piece: string, version: string, how: string): string =>
  `${piece.padEnd(10)} ${version.padEnd(12)} ${how}`.trimEnd();

/**
 * Declares resources without a stack trace for each of their outputs, of which Pulumi takes four: with source maps they
 * cost more than everything else a large component does. What throws inside loses its trace, so check before.
 */
export function withoutStacks<T>(declare: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return declare();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

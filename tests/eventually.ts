/** Asks again until there is an answer. */
export async function eventually<T>(seconds: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline)
      throw new Error(`${what} did not happen within ${seconds} s${last === undefined ? "" : `: ${last}`}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

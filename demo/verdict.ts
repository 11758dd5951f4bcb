import { count, shortDigest } from "./format";
import { type LoadReport, NO_VERSION } from "./load";
import type { ShownRelease } from "./shown-release";

/** What the demo saw of one `pulumi up`. */
export interface Attempt extends ShownRelease {
  exitCode: number;
  output: string;
}

/** What the demo promises and did not hold; empty when all is well. */
export function broken(good: Attempt, bad: Attempt, load: LoadReport): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  expect(
    good.exitCode === 0 && good.state.outcome === "promoted",
    `${good.version} was not promoted: pulumi up ended with ${good.exitCode}, ${good.state.reason ?? good.state.outcome}`,
  );
  expect(
    bad.exitCode !== 0 && bad.state.outcome === "rolledBack",
    `${bad.version} was not taken back: pulumi up ended with ${bad.exitCode}, the release is ${bad.state.outcome}`,
  );
  const safe = shortDigest(good.state.candidate.digest);
  expect(bad.output.includes(safe), `the failed pulumi up does not name the digest that serves again, ${safe}`);
  for (const [version, { failed }] of Object.entries(load.byVersion)) {
    const by = version === NO_VERSION ? "the gateway itself" : version;
    expect(failed === 0 || version === bad.version, `${count(failed)} requests were answered with an error by ${by}`);
  }
  const codes = Object.entries(load.errorCodes).map(([code, times]) => `${times} × ${code}`);
  const excuse = load.lag > 1000 ? `; the load itself was held up for ${count(load.lag)} ms by a busy machine` : "";
  expect(load.errors === 0, `${count(load.errors)} requests got no answer: ${codes.join(", ")}${excuse}`);
  const after = load.samples.filter(({ t }) => t > (bad.state.endedAt ?? Number.POSITIVE_INFINITY));
  expect(after.length > 0, `the load ended before ${bad.version} was out of the gateway`);
  const strays = new Set(after.flatMap(({ byVersion }) => Object.keys(byVersion)));
  strays.delete(good.version);
  expect(
    strays.size === 0,
    `after the end of ${bad.version}, requests were still answered by ${[...strays].join(", ")}`,
  );
  return problems;
}

import { expect, it } from "vitest";
import { madeRelease } from "./fixture";
import { releaseTable } from "./table";

it("prints every step of every release, aligned", () => {
  const good = madeRelease({
    version: "1.1.0",
    startedAt: 1000,
    steps: [
      [10, 15],
      [50, 15],
      [100, 10],
    ],
    outcome: "promoted",
    reason: "all steps passed",
  });
  const bad = madeRelease({
    version: "1.2.0",
    startedAt: 2000,
    steps: [[10, 12]],
    outcome: "rolledBack",
    errorRatio: 0.05,
    reason: "taken back at 10 % after 12 s: 5.0 % of 240 requests failed",
  });
  expect(`\n${releaseTable([good, bad])}`).toBe(`
1.1.0  sha256:bbbbbbbb  promoted after 44 s
  step  weight  hold  held  requests new  requests old  errors new  errors old  verdict
     1    10 %  15 s  15 s           300         2,700   0  0.00 %   0  0.00 %  pass
     2    50 %  15 s  15 s         1,500         1,500   0  0.00 %   0  0.00 %  pass
     3   100 %  10 s  10 s         2,000             0   0  0.00 %   0       –  pass

1.2.0  sha256:bbbbbbbb  taken back after 16 s
  step  weight  hold  held  requests new  requests old  errors new  errors old  verdict
     1    10 %  15 s  12 s           240         2,160  12  5.00 %   0  0.00 %  fail
  taken back at 10 % after 12 s: 5.0 % of 240 requests failed
`);
});

it("shows a step that runs, and a release without an end", () => {
  const { state, version } = madeRelease({ version: "2", startedAt: 0, steps: [[5, 9]], outcome: "promoted" });
  const { outcome: _outcome, endedAt: _endedAt, ...open } = state;
  const [step] = open.steps;
  if (step === undefined) throw new Error("the fixture has a step");
  const { endedAt: _stepEnd, ...running } = step;
  const lines = releaseTable([{ version, state: { ...open, steps: [{ ...running, verdict: "running" }] } }]).split(
    "\n",
  );
  expect(lines[0]).toBe("2  sha256:bbbbbbbb  under way");
  expect(lines[2]).toMatch(/^ {5}1 +5 % +15 s +… +90 +1,710 .*running$/);
});

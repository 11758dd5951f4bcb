import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReleaseProgress } from "../../components/release/progress";
import type { ServiceView } from "./target";
import { statusText } from "./text";
import { bar, liveView } from "./view";
import { exitCode, PROMOTED, type Screen, TAKEN_BACK, WAITS, watch } from "./watch";

const now = 1_700_000_420;
const progress: ReleaseProgress = {
  service: "shop",
  candidate: { revision: 5, digest: `sha256:77aa${"0".repeat(60)}` },
  previous: { revision: 4, digest: `sha256:9f2c${"0".repeat(60)}` },
  plan: {
    strategy: "canary",
    steps: [
      { weight: 10, holdSeconds: 300, gate: "auto" },
      { weight: 25, holdSeconds: 300, gate: "auto" },
      { weight: 50, holdSeconds: 300, gate: "manual" },
    ],
    bakeSeconds: 300,
  },
  phase: "stepping",
  stepIndex: 1,
  weight: 25,
  startedAt: now - 420,
  stepStartedAt: now - 120,
  totals: { new: { total: 4231, bad: 4 }, old: { total: 30_000, bad: 36 } },
  steps: [
    {
      weight: 10,
      startedAt: now - 420,
      endedAt: now - 120,
      new: { total: 3021, bad: 3 },
      old: { total: 20_000, bad: 24 },
      verdict: "pass",
      evidence: { value: -1.2, failAt: 4.6, passAt: -3 },
    },
    {
      weight: 25,
      startedAt: now - 120,
      new: { total: 1210, bad: 1 },
      old: { total: 10_000, bad: 11 },
      verdict: "running",
    },
  ],
  copies: { new: { wanted: 2, ready: 1 }, old: { wanted: 4, ready: 4 } },
  secondsLeft: 780,
  events: [{ sequence: 1, at: now - 420, kind: "phase", message: "10 %  for 300 s" }],
};
const view = (release: Partial<ReleaseProgress> = {}): ServiceView => ({
  target: "kubernetes",
  place: "kubernetes, namespace default",
  service: "shop",
  stable: { revision: 4, digest: progress.previous?.digest ?? "" },
  release: { ...progress, ...release },
});

test("a release under way: traffic, steps that were, the present one, those to come, and what happened", () => {
  expect(liveView(view(), now, 120)).toEqual([
    "shop on kubernetes, namespace default",
    "",
    `  ${"█".repeat(8)}${"░".repeat(22)}   25 %  revision 5 (sha256:77aa00000000) is stepping at 25 %, about 780 s left`,
    `  ${"█".repeat(23)}${"░".repeat(7)}   75 %  revision 4 (sha256:9f2c00000000)`,
    "  pods ready: 1 of 2 new, 4 of 4 old",
    "",
    "  ✓  10 %   300 s   3,021 requests   0.10 % errors (old 0.12 %)   evidence −1.2 of −3.0 / +4.6",
    "  ▸  25 %   120 of 300 s   1,210 requests   0.08 % errors (old 0.11 %)",
    "     50 %   300 s, then a person",
    "    100 %   300 s",
    "",
    "  22:13:20  10 %  for 300 s",
  ]);
});

test("two steps of one share are two lines", () => {
  const [first] = progress.steps;
  if (first === undefined) throw new Error("there is a step");
  const twice = [first, { ...first, startedAt: now - 100, endedAt: now - 50 }];
  const plan = {
    ...progress.plan,
    steps: [10, 10].map((weight) => ({ weight, holdSeconds: 300, gate: "auto" as const })),
  };
  const lines = liveView(view({ plan, steps: twice }), now, 120).filter((line) => line.includes("✓"));
  expect(lines.map((line) => /\d+ s/.exec(line)?.[0])).toEqual(["300 s", "50 s"]);
});

test("one that waits says for whom, one that was taken back says why", () => {
  const paused = liveView(view({ paused: { reason: "manual", since: now } }), now, 120).join("\n");
  expect(paused).toContain("waits for a person: headgate release promote, or abort");
  const [reason, phase, outcome] = ["5 % of its 940 requests failed", "ended", "rolledBack"] as const;
  const back = liveView(view({ phase, outcome, reason, weight: 0 }), now, 120).join("\n");
  expect(back).toContain("was taken back");
  expect(back).toContain(reason);
  expect(back).toContain("skipped");
});

describe("whatever is shown", () => {
  const share = fc.double({ min: -10, max: 200, noNaN: true });
  test("no line is longer than the terminal, and a bar has one length", () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 200 }), fc.string(), (weight, width, message) => {
        const events = [{ sequence: 1, at: now, kind: "phase" as const, message }];
        for (const line of liveView(view({ weight, events }), now, width)) {
          expect([...line].length).toBeLessThanOrEqual(width);
          expect(line).not.toContain("\n");
        }
        expect([...bar(weight)]).toHaveLength(30);
      }),
    );
  });
});

test("status says who has the traffic, where the release is, and what was seen", () => {
  expect(statusText(view(), now)).toBe(
    [
      "shop (kubernetes, namespace default): revision 4 (sha256:9f2c00000000) has the traffic",
      "release revision 5 (sha256:77aa00000000) is stepping at 25 %, about 780 s left",
      "  pods ready: 1 of 2 new, 4 of 4 old",
      " 10 %   300 s   3,021 requests   0.10 % errors (old 0.12 %)   evidence −1.2 of −3.0 / +4.6   pass",
      " 25 %   120 s   1,210 requests   0.08 % errors (old 0.11 %)   running",
    ].join("\n"),
  );
});

test("exit codes: promoted, taken back, waits for a person, goes on", () => {
  expect(exitCode(view({ phase: "ended", outcome: "promoted" }))).toBe(PROMOTED);
  expect(exitCode(view({ phase: "ended", outcome: "rolledBack" }))).toBe(TAKEN_BACK);
  expect(exitCode(view({ paused: { reason: "manual", since: now } }))).toBe(WAITS);
  expect(exitCode(view())).toBeUndefined();
});

function played(views: (ServiceView | Error)[], screen: Partial<Screen> = {}) {
  let written = "";
  const target = {
    lookSeconds: 0,
    look: async () => {
      const next = views.length > 1 ? views.shift() : views[0];
      if (next instanceof Error) throw next;
      return next;
    },
    act: async () => {},
    close: () => {},
  };
  const out: Screen = { ...screen, write: (text) => (written += text) };
  return watch(target, "shop", out).then((code) => ({ code, written }));
}

test("without a terminal each line is printed once, and a look that fails is repeated", async () => {
  const more = [...progress.events, { sequence: 2, at: now, kind: "verdict" as const, message: "100 %  promoted" }];
  const end = view({ phase: "ended", outcome: "promoted", events: more });
  const { code, written } = await played([view(), new Error("gone for a moment"), view(), end]);
  expect(code).toBe(PROMOTED);
  expect(written.match(/10 % {2}for 300 s/g)).toHaveLength(1);
  expect(written.endsWith("100 %  promoted\n")).toBe(true);
});

test("a terminal is drawn over again, never beyond its height", async () => {
  const { written } = await played([view(), view({ phase: "ended", outcome: "promoted" })], {
    isTTY: true,
    columns: 100,
    rows: 8,
  });
  expect(written).toContain("\u001b[7A");
});

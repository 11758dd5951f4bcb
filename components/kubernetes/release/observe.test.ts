import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RolloutStep } from "../../release/compile/kubernetes-argo";
import type { Snapshot } from "./objects";
import { observe } from "./observe";
import { DECISION_ANNOTATION } from "./reason";
import { beginStory, type Story } from "./story";
import { RECORDED, recorded } from "./testing/recordings";
import { type Script, START, simulated } from "./testing/simulated";
import { failureText } from "./texts";

function follow(looks: readonly Snapshot[], from = beginStory("shop", looks[0]?.at ?? 0)): Story {
  return looks.reduce(observe, from);
}
const lines = ({ progress }: Story) => progress.events.map(({ message }) => message);
const fixes = { namespace: "default", retry: 0 };

describe("recorded releases", () => {
  test("a good canary tells its step with its numbers, and is promoted", () => {
    const story = follow(recorded("good"));
    expect(story.outcome).toEqual({ kind: "promoted" });
    expect(lines(story)).toEqual([
      expect.stringMatching(/\(revision 2\) begins; .* serves$/),
      "1 pod ready after 5 s",
      "50 %  for 6 s",
      " 50 %     8 s  23,200 requests   0.00 % errors (old 0.11 %)   evidence −1.2 of +4.6",
      "100 %  promoted",
    ]);
    expect(failureText(story, fixes)).toBeUndefined();
  });

  test("a bad one says where, when, by which numbers, who serves, and what to do", () => {
    expect(failureText(follow(recorded("bad")), { namespace: "default", retry: 3 })).toMatch(
      new RegExp(
        "^release \\S+ was taken back at 50 % after 4 s: 5 % of its 22,600 requests failed, " +
          "0.111 % of the old version's 203,400 \\(evidence \\+8.2, limit \\+4.6\\)\\. All traffic is on \\S+ again\\. " +
          "To try the same image again: pulumi config set headgate:retry 4$",
      ),
    );
  });

  test.each([
    ["crash", /pod \S+: it exited with code 3/],
    ["missing", /pod \S+: its image cannot be pulled: .*none@sha256/],
    ["unready", /pod \S+: it is not ready: Readiness probe failed: .* 404/],
  ] as const)("pods that do not come up are named long before the deadline: %s", (name, expected) => {
    const looks = recorded(name);
    const story = follow(looks);
    const told = story.progress.events.find(({ message }) => expected.test(message));
    expect((looks.at(-1)?.at ?? 0) - (told?.at ?? 0)).toBeGreaterThan(8);
    expect(story).toMatchObject({ outcome: { kind: "takenBack" }, progress: { cause: "unhealthy", weight: 0 } });
    expect(failureText(story, fixes)).toMatch(expected);
  });

  test("a manual gate says how to open it, and goes on", () => {
    const story = follow(recorded("manual"));
    expect(lines(story)).toContainEqual(expect.stringMatching(/^50 % {2}waits for a person: headgate release promote/));
    expect(story.outcome).toEqual({ kind: "promoted" });
  });

  test.each(["bluegreen", "rolling"] as const)("%s is promoted", (name) => {
    expect(follow(recorded(name)).outcome).toEqual({ kind: "promoted" });
  });

  test.each(RECORDED)("whoever starts to follow at any look comes to the same end: %s", (name) => {
    const looks = recorded(name);
    const whole = follow(looks);
    for (let first = 1; first < looks.length; first += 1) {
      const late = follow(looks.slice(first));
      expect(late.outcome?.kind).toBe(whole.outcome?.kind);
      expect(late.progress).toMatchObject({ candidate: whole.progress.candidate, outcome: whole.progress.outcome });
    }
  });
});

const steps: fc.Arbitrary<RolloutStep[]> = fc
  .uniqueArray(
    fc.record({
      weight: fc.integer({ min: 1, max: 100 }),
      hold: fc.integer({ min: 1, max: 9 }),
      manual: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ weight }) => weight },
  )
  .map((list) =>
    [...list]
      .sort((a, b) => a.weight - b.weight)
      .flatMap(({ weight, hold, manual }) => [
        { setWeight: weight },
        { pause: { duration: `${hold}s` } },
        ...(manual ? [{ pause: {} }] : []),
      ]),
  );
const scripts: fc.Arbitrary<Script> = fc.record(
  {
    steps,
    routed: fc.boolean(),
    readyAfter: fc.integer({ min: 0, max: 10 }),
    abortAt: fc.integer({ min: 0, max: 60 }),
    analysisFailsAt: fc.integer({ min: 0, max: 60 }),
    promoteAt: fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 20 }),
    seconds: fc.constant(90),
  },
  { requiredKeys: ["steps", "routed", "promoteAt", "seconds"] },
);

describe("whatever happens", () => {
  test("what was told stays told, numbered from 1, and nothing is told twice or after the end", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let story = beginStory("shop", START);
        for (const look of simulated(script)) {
          const next = observe(story, look);
          const before = story.progress.events;
          expect(next.progress.events.slice(0, before.length)).toEqual(before);
          if (story.outcome !== undefined) expect(next).toBe(story);
          story = next;
        }
        const { events } = story.progress;
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
        const ends = events.filter(({ kind }) => kind === "step" || kind === "verdict").map(({ message }) => message);
        expect(new Set(ends).size).toBe(ends.length);
      }),
      { numRuns: 40 },
    );
  });

  test("it says promoted if and only if the new version is the stable one", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const looks = simulated(script);
        const { outcome, progress } = follow(looks);
        const { status } = looks.at(-1)?.rollout ?? {};
        expect(outcome?.kind === "promoted").toBe(status?.stableRS === status?.currentPodHash);
        expect(outcome?.kind === "takenBack").toBe(status?.abort === true);
        if (outcome?.kind === "takenBack") expect(progress).toMatchObject({ weight: 0, outcome: "rolledBack" });
      }),
      { numRuns: 40 },
    );
  });

  test("a follower that is killed and started again, or misses looks, comes to the same end", () => {
    fc.assert(
      fc.property(
        scripts,
        fc.array(fc.boolean(), { minLength: 91, maxLength: 91 }),
        fc.nat(90),
        (script, seen, from) => {
          const looks = simulated(script);
          const whole = follow(looks);
          const some = looks.filter((_, index) => index >= from && (seen[index] === true || index === 90));
          const { outcome, progress } = follow(some);
          expect(outcome?.kind).toBe(whole.outcome?.kind);
          expect(progress.cause).toBe(whole.progress.cause);
          expect(progress.paused?.reason).toBe(whole.progress.paused?.reason);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("steps have the weights of the plan, in order, and last as long as they did", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { progress } = follow(simulated(script));
        const weights = progress.steps.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => a - b));
        for (const step of progress.steps) {
          expect(step.endedAt ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(step.startedAt);
          const planned = [...progress.plan.steps, { weight: 100, holdSeconds: progress.plan.bakeSeconds }];
          expect(planned.map(({ weight }) => weight)).toContain(step.weight);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("what is wrong with the cluster", () => {
  const script: Script = { steps: [], routed: true, readyAfter: 1, promoteAt: [], seconds: 200 };
  const edited = (edit: (look: Snapshot, second: number) => void) =>
    simulated({ ...script, steps: [{ setWeight: 10 }, { pause: {} }] }).map((look, second) => {
      edit(look, second);
      return look;
    });

  test("no controller: said within 30 s with what to do, and it ends", () => {
    const looks = edited((look) => {
      if (look.rollout !== undefined) look.rollout.metadata.generation = 3;
    });
    expect(lines(follow(looks.slice(0, 30)))).toEqual([expect.stringContaining("KubernetesPlatform")]);
    expect(failureText(follow(looks), fixes)).toContain("no controller has looked at the Rollout");
  });

  test("a controller that is started again in between changes nothing", () => {
    const looks = edited((look, second) => {
      if (second > 5 && second < 60 && look.rollout !== undefined) look.rollout.metadata.generation = 3;
    });
    expect(follow(looks)).toMatchObject({ progress: { paused: { reason: "manual" } } });
  });

  test.each([
    ["taken back", { abort: true, phase: "Degraded" }],
    ["healthy", { stableRS: "aaaaaaaaaa", phase: "Healthy" }],
  ] as const)(
    "the version before is not taken for the new one while the controller still tells of it: %s",
    (_, status) => {
      const looks = edited(({ rollout }, second) => {
        if (second < 5 && rollout !== undefined)
          Object.assign(rollout.status ?? {}, status, { currentPodHash: "aaaaaaaaaa" });
      });
      const { outcome, progress } = follow(looks);
      expect({ outcome, paused: progress.paused?.reason }).toEqual({ paused: "manual" });
      expect(progress.events[0]?.message).toContain("bbbbbbbbbb… (revision 2) begins");
      expect(follow(looks.slice(0, 5)).progress.events).toEqual([]);
    },
  );

  test("the Rollout is deleted", () => {
    const looks = edited((look, second) => {
      if (second > 10) delete look.rollout;
    });
    expect(failureText(follow(looks), fixes)).toContain("was deleted while it was released");
  });

  test("somebody gives it another version", () => {
    const looks = edited((look, second) => {
      if (second <= 10 || look.rollout?.status === undefined) return;
      look.rollout.status.currentPodHash = "aaaaaaaaaa";
      look.rollout.spec.template = look.replicaSets[0]?.spec?.template ?? {};
    });
    expect(failureText(follow(looks), fixes)).toMatch(/sha256:bbbbbbbbbb… was replaced by sha256:aaaaaaaaaa…/);
  });

  test("a spec that the controller refuses is an error only when it stays so", () => {
    const refusing = (until: number) =>
      edited((look, second) => {
        if (second > until) return;
        look.rollout?.status?.conditions?.push({ type: "InvalidSpec", status: "True", message: "service not found" });
      });
    expect(follow(refusing(20)).outcome).toBeUndefined();
    expect(failureText(follow(refusing(60)), fixes)).toContain("the controller refuses the Rollout: service not found");
  });

  test("without a way back by itself the deadline leaves it where it is", () => {
    const looks = edited((look, second) => {
      if (look.rollout === undefined || second < 5) return;
      look.rollout.spec.progressDeadlineAbort = false;
      look.rollout.spec.strategy = { canary: { steps: [{ setWeight: 10 }] } };
      const { status } = look.rollout;
      if (status !== undefined) delete status.pauseConditions;
      const reason = "ProgressDeadlineExceeded";
      status?.conditions?.push({ type: "Progressing", status: "False", reason });
    });
    expect(failureText(follow(looks), fixes)).toMatch(/is stuck at .* made no progress .* Decide with/);
  });

  test("with a way back the deadline is the controller's business", () => {
    const looks = edited(({ rollout }) => {
      if (rollout?.status === undefined) return;
      delete rollout.status.pauseConditions;
      const reason = "ProgressDeadlineExceeded";
      rollout.status.conditions?.push({ type: "Progressing", status: "False", reason });
    });
    expect(follow(looks).outcome).toBeUndefined();
  });

  test("a status of the version before is not taken for the new one's", () => {
    const looks = edited(({ rollout }) => {
      if (rollout?.status !== undefined) rollout.status.phase = "Healthy";
    });
    expect(follow(looks).outcome).toBeUndefined();
  });

  test("one that somebody has tried again from the start tells its steps again", () => {
    const steps = [{ setWeight: 10 }, { pause: { duration: "3s" } }, { setWeight: 50 }, { pause: {} }];
    const looks = simulated({ ...script, steps, seconds: 20 });
    const again = looks.map((look) => ({ ...structuredClone(look), at: look.at + 30, events: [] }));
    const { progress } = follow([...looks, ...again]);
    const begins = progress.events.filter(({ message }) => message.startsWith("10 %  for"));
    expect(begins.map(({ at }) => at - START)).toEqual([1, 31]);
    expect(progress.steps.map(({ startedAt }) => startedAt - START)).toEqual([31, 36]);
  });

  test("an analysis that is undecided stops until somebody decides", () => {
    const looks = edited((look) => {
      const { pauseConditions } = look.rollout?.status ?? {};
      for (const condition of pauseConditions ?? []) condition.reason = "InconclusiveAnalysisRun";
    });
    const story = follow(looks);
    expect(story.outcome).toEqual({ kind: "undecided" });
    expect(failureText(story, fixes)).toMatch(/is paused at 10 %: an analysis is undecided\. Decide with/);
  });

  test("who aborted it, and why, is told", () => {
    const looks = simulated({ ...script, steps: [{ setWeight: 10 }, { pause: {} }], abortAt: 20 });
    for (const { rollout } of looks.slice(20)) {
      const decision = { action: "abort", by: "alice@laptop: too slow", at: START + 20, hash: "bbbbbbbbbb" };
      if (rollout !== undefined) rollout.metadata.annotations = { [DECISION_ANNOTATION]: JSON.stringify(decision) };
    }
    expect(failureText(follow(looks), fixes)).toMatch(/at 10 % after 20 s: aborted by alice@laptop: too slow\. All/);
  });

  test("what somebody decided about another version is no reason", () => {
    const looks = simulated({ ...script, steps: [{ setWeight: 10 }, { pause: {} }], abortAt: 20 });
    for (const { rollout } of looks.slice(20)) {
      const decision = { action: "abort", by: "alice", at: START + 20, hash: "another" };
      if (rollout !== undefined) rollout.metadata.annotations = { [DECISION_ANNOTATION]: JSON.stringify(decision) };
    }
    expect(follow(looks).progress.reason).toBe("somebody aborted it");
  });

  test("a version that was taken back before is told as such, with the reason of then", () => {
    const looks = simulated({ ...script, steps: [{ setWeight: 10 }, { pause: {} }], analysisFailsAt: 20 });
    expect(failureText(follow(looks.slice(-1)), fixes)).toMatch(/was taken back before at 10 % after 20 s: .*retry 1$/);
  });
});

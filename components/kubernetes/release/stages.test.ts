import { expect, test } from "vitest";
import type { Rollout } from "./objects";
import { secondsOfDuration, stagesOf } from "./stages";

const of = (strategy: Rollout["spec"]["strategy"]) => stagesOf({ metadata: { name: "shop" }, spec: { strategy } });

test("hooks come before the first share, the bake is at 100 %", () => {
  const analysis = { templates: [{ templateName: "shop-gate" }] };
  const timed = {
    ...analysis,
    args: [
      { name: "looks", value: "5" },
      { name: "interval", value: "60s" },
    ],
  };
  const { before, stages, bake, count } = of({
    canary: {
      trafficRouting: { traefik: { weightedTraefikServiceName: "shop" } },
      steps: [
        { analysis },
        { setWeight: 10 },
        { pause: { duration: "5m" } },
        { analysis },
        { setWeight: 25 },
        { analysis: timed },
        { setWeight: 50 },
        { pause: { duration: "60s" } },
        { pause: {} },
        { setWeight: 100 },
        { pause: { duration: "300s" } },
      ],
    },
  });
  expect({ before, count }).toEqual({ before: 1, count: 11 });
  expect(stages).toEqual([
    { weight: 10, holdSeconds: 300, gate: "auto", first: 1, end: 4 },
    { weight: 25, holdSeconds: 300, gate: "verdict", first: 4, end: 6 },
    { weight: 50, holdSeconds: 60, gate: "manual", first: 6, end: 9 },
  ]);
  expect(bake).toMatchObject({ weight: 100, holdSeconds: 300, first: 9, end: 11 });
});

test("shares of a router that counts to more than 100 are percents all the same", () => {
  const trafficRouting = { nginx: { stableIngress: "shop" }, maxTrafficWeight: 1000 };
  expect(of({ canary: { trafficRouting, steps: [{ setWeight: 25 }] } }).stages[0]?.weight).toBe(2.5);
});

test("without shares it is rolling; blue-green has one wait at 0 %, if any", () => {
  expect(of({ canary: {} })).toMatchObject({ strategy: "rolling", stages: [] });
  const blueGreen = { activeService: "shop", previewService: "shop-preview" };
  expect(of({ blueGreen: { ...blueGreen, autoPromotionEnabled: true } }).stages).toEqual([]);
  expect(of({ blueGreen: { ...blueGreen, autoPromotionEnabled: false } }).stages[0]).toMatchObject({ gate: "manual" });
  expect(
    of({ blueGreen: { ...blueGreen, autoPromotionEnabled: true, autoPromotionSeconds: 60 } }).stages[0],
  ).toMatchObject({
    weight: 0,
    holdSeconds: 60,
    gate: "auto",
  });
});

test.each([
  ["300s", 300],
  ["5m", 300],
  ["1h", 3600],
  [90, 90],
  ["90", 90],
  [undefined, 0],
])("%s is %d seconds", (text, seconds) => {
  expect(secondsOfDuration(text)).toBe(seconds);
});

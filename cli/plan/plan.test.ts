import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Release } from "../../components/model/release";
import type { Service } from "../../components/model/service";
import { Target } from "../../components/model/target";
import { plan } from "../commands/plan";
import { outlookOf, sparkline } from "./outlook";
import { outlookSvg } from "./svg";
import { outlookText } from "./text";

const ROOT = join(__dirname, "..", "..");
const FILE = join(ROOT, "examples", "plan", "shop.yml");
const service: Service = {
  image: { build: { context: "./shop" } },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const traffic = { requestsPerSecond: 100, oldErrorRatio: 0.001 };
const outlook = (release: Release, ...targets: Target[]) =>
  outlookOf({ name: "shop", service, release, objectives: {} }, targets, traffic, "traefik");

/** What the command prints, and its exit code. */
async function printed(...args: string[]): Promise<{ code: number; text: string }> {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const code = await plan.run(args);
    return { code, text: log.mock.calls.map((call) => call.join(" ")).join("\n") };
  } finally {
    log.mockRestore();
  }
}

test("the documentation shows what the command prints", async () => {
  const { code, text } = await printed(FILE);
  expect(code).toBe(0);
  const shown = /headgate plan examples\/plan\/shop\.yml\n```\n\n```text\n([\s\S]*?)\n```/.exec(
    readFileSync(join(ROOT, "docs", "plan.md"), "utf8"),
  );
  expect(shown?.[1]).toBe(text);
});

test("the picture of the documentation is the one the command draws", () => {
  const careful = { canary: { steps: [10, 25, 50, 75].map((weight) => ({ weight, hold: "5m" })) } };
  const drawn = outlookSvg(
    outlookOf(
      { name: "shop", service: { ...service, metrics: {} }, release: careful, objectives: { availability: 0.999 } },
      Object.values(Target),
      { requestsPerSecond: 20, oldErrorRatio: 0.001 },
      "traefik",
    ),
  );
  expect(readFileSync(join(ROOT, "docs", "plan.svg"), "utf8")).toBe(drawn);
});

test("steps have their times, requests and what they show", () => {
  const [docker] = outlook({ canary: {} }, "docker").targets;
  expect(docker?.steps.map(({ atSeconds, weight, requests }) => [atSeconds, weight, requests])).toEqual([
    [0, 10, 3000],
    [300, 25, 7500],
    [600, 50, 15000],
    [900, 75, 22500],
  ]);
  expect(docker?.steps[0]?.smallestVisibleErrorRatio).toBeCloseTo(0.00691, 4);
  expect(docker).toMatchObject({ target: "docker", fidelity: "exact", secondsToAll: 1200, bakeSeconds: 300 });
});

test("a step with too few requests shows nothing, and says so", () => {
  const quiet = outlookOf(
    { name: "shop", service, release: { canary: {} }, objectives: {} },
    ["docker"],
    { requestsPerSecond: 0.1, oldErrorRatio: 0 },
    "traefik",
  );
  expect(outlookText(quiet)).toContain("none: too few requests in every step");
  expect(outlookText(outlook({ blueGreen: {} }, "docker"))).toContain("health only");
});

test("bars show the share over time", () => {
  expect(sparkline([{ weight: 10, holdSeconds: 50 }], 100, 4)).toBe("▁▁██");
  expect(sparkline([], 1, 2)).toBe("██");
});

test("what is refused is told with its fix, and the exit code says so", async () => {
  const text = outlookText(outlook({ blueGreen: { manual: true } }, "lambda"));
  expect(text).toContain("lambda: refused");
  expect(text).toContain(
    "refused       release.blueGreen.manual cannot wait for a person on Lambda. Approve before the release, in the pipeline.",
  );
});

describe("the picture", () => {
  test("marks what is above the request", () => {
    const above = outlookSvg(outlook({ canary: {}, fit: "nearest" }, "ecs"));
    const below = outlookSvg(outlook({ canary: {} }, "ecs"));
    expect(above).toContain("<rect x=");
    expect(below).not.toContain("<rect x=");
  });

  test("is XML whatever the service is called", () => {
    const odd = outlookOf({ name: "<&>", service, release: {}, objectives: {} }, ["docker"], traffic, "traefik");
    expect(outlookSvg(odd)).toContain("&lt;&amp;&gt;: what each target makes of its rolling release");
  });
});

describe("the command", () => {
  test("prints JSON with the targets' own fields", async () => {
    const { text } = await printed(FILE, "--json", "--target", "ecs");
    const [shop] = JSON.parse(text) as { targets: { target: string; fields: object }[] }[];
    expect(shop?.targets).toHaveLength(1);
    expect(shop?.targets[0]).toMatchObject({
      target: "ecs",
      fields: { deploymentConfiguration: { strategy: "LINEAR" } },
    });
  });

  test.each([
    [["--target", "heroku"], 'headgate plan: --target is not known (got "heroku"). Choose one of docker, '],
    [["--rate", "many"], 'headgate plan: --rate must be a number from 0 to 1000000000 (got "many").'],
    [["--errors", "2"], "headgate plan: --errors must be a number from 0 to 1"],
    [["--service", "web"], "headgate plan: --service web is not in "],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(plan.run([FILE, ...args])).rejects.toThrow(message);
  });

  test("tells its options", async () => {
    expect((await printed("--help")).text).toBe(plan.help);
    await expect(plan.run([])).rejects.toThrow(plan.help);
  });
});

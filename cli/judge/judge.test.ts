import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { UsageError } from "../command";
import { judge } from "../commands/judge";
import { type Judgement, judgeRecording, type Look } from "./judgement";
import { parseRecording } from "./recording";
import { PLAIN, ruleOf } from "./rule";
import { judgementSvg } from "./svg";
import { gatewaySeries, requestSeries, StandIn, weightSeries } from "./testing/prometheus";
import { scenarios, simulate } from "./testing/recordings";
import { formatSpan, judgementText, round, time } from "./text";

const ROOT = join(__dirname, "..", "..");
const DOCUMENT = readFileSync(join(ROOT, "docs", "judge.md"), "utf8");
const EXAMPLES = relative(process.cwd(), join(ROOT, "examples", "judge"));
const example = (name: string) => join(EXAMPLES, `${name}.csv`);
const folder = mkdtempSync(join(tmpdir(), "headgate-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command prints, and its exit code. */
async function printed(...args: string[]): Promise<{ code: number; text: string }> {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const code = await judge.run(args);
    return { code, text: log.mock.calls.map((call) => call.join(" ")).join("\n") };
  } finally {
    log.mockRestore();
  }
}
const refused = async (args: string[], message: string) =>
  await expect(judge.run(args)).rejects.toThrow(new UsageError(message));

test("the examples are the made-up releases", () => {
  for (const [index, [name, scenario]] of Object.entries(scenarios).entries()) {
    expect(readFileSync(join(ROOT, "examples", "judge", `${name}.csv`), "utf8"), name).toBe(
      simulate(scenario, index + 1),
    );
  }
});

describe("the documentation", () => {
  const shown = (command: string) => {
    const start = DOCUMENT.indexOf(`npx headgate judge ${command}\n`);
    return /```text\n([\s\S]*?)\n```/.exec(DOCUMENT.slice(start))?.[1];
  };
  test.each(["--counters examples/judge/bad-later.csv", "--replay examples/judge --alpha 0.01,0.05 --tolerate 1,1.5"])(
    "shows what %s prints",
    async (command) => {
      const args = command.split(" ").map((arg) => (arg.startsWith("examples") ? join(ROOT, arg) : arg));
      expect((await printed(...args)).text).toBe(shown(command));
    },
  );

  test("has the picture that the command draws", async () => {
    const file = join(folder, "judge.svg");
    await printed("--counters", example("bad-later"), "--svg", file);
    expect(readFileSync(join(ROOT, "docs", "judge.svg"), "utf8")).toBe(readFileSync(file, "utf8"));
  });

  test("has a recording that can be read", () => {
    const sample = [...DOCUMENT.matchAll(/```text\n(t,canary_total[\s\S]*?)\n```/g)];
    expect(sample).toHaveLength(1);
    expect(parseRecording("sample.csv", sample[0]?.[1] ?? "").slots).toHaveLength(3);
  });

  test("explains every field of the JSON, and every option is in the help", async () => {
    const one = JSON.parse((await printed("--counters", example("good-usual"), "--json")).text) as object;
    const many = JSON.parse((await printed("--replay", EXAMPLES, "--json")).text) as [object & { releases: object[] }];
    const fields = [one, many[0], many[0].releases[0] ?? {}].flatMap((part) => Object.keys(part));
    const section = DOCUMENT.slice(DOCUMENT.indexOf("## JSON"));
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
    const options = [...DOCUMENT.matchAll(/(--[a-z][a-z-]*)/g)].map(([, option = ""]) => option);
    expect(options.filter((option) => !judge.help.includes(`  ${option}`))).toEqual([]);
  });
});

describe("the exit code", () => {
  test("is that of the verdict", async () => {
    const codes = { pass: 0, fail: 1, undecided: 3 } as const;
    const better = { ...(scenarios["good-usual"] as (typeof scenarios)[string]), ratio: () => 0 };
    const runs = {
      pass: simulate(better, 1),
      fail: simulate(scenarios["bad-broken"] as (typeof scenarios)[string], 1),
      undecided: simulate({ ...better, requestsPerSecond: 0.02 }, 1),
    };
    for (const [verdict, csv] of Object.entries(runs)) {
      const file = join(folder, `${verdict}.csv`);
      writeFileSync(file, csv);
      const { code, text } = await printed("--counters", file);
      expect([code, text.split(/[\n,]/)[0]]).toEqual([codes[verdict as keyof typeof codes], verdict]);
    }
  });

  test("is 0 after a replay, whatever it says", async () => {
    expect((await printed("--replay", example("bad-broken"), example("good-usual"))).code).toBe(0);
  });
});

test("the program lists the command, and ends with its codes", () => {
  const headgate = (...args: string[]) =>
    spawnSync(process.execPath, ["--import=tsx", join(ROOT, "cli", "main.ts"), ...args], {
      encoding: "utf8",
      cwd: ROOT,
    });
  expect(headgate("help").stdout).toContain(`  judge     ${judge.summary}\n`);
  const wrong = headgate("judge", "--counters", "none.csv");
  expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([
    2,
    "",
    "headgate judge: none.csv cannot be read (got ENOENT). Check its name.\n",
  ]);
  expect(headgate("judge", "--counters", "examples/judge/bad-broken.csv").status).toBe(1);
});

test("a long replay tells how far it is, on standard error", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  let now = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => {
    now += 300;
    return now;
  });
  try {
    await printed("--replay", EXAMPLES, "--alpha", "0.01,0.05");
    const lines = told.mock.calls.map(([line]) => String(line));
    expect(lines[0]).toMatch(/^headgate judge: \d+ of 16 judged$/);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(8);
  } finally {
    told.mockRestore();
    clock.mockRestore();
  }
});

test("--json is the judgement", async () => {
  const { text } = await printed("--counters", example("bad-later"), "--json", "--alpha", "0.05");
  const csv = readFileSync(join(ROOT, "examples", "judge", "bad-later.csv"), "utf8");
  const expected = judgeRecording(ruleOf(PLAIN, { alpha: "0.05" }), parseRecording("run.csv", csv));
  expect(JSON.parse(text)).toEqual({ ...expected, remarks: [] });
});

describe("latency", () => {
  const head = "t,canary_total,canary_bad,stable_total,stable_bad,canary_timed,canary_slow,stable_timed,stable_slow";
  const timed = join(folder, "timed.csv");
  writeFileSync(
    timed,
    [head, "0,0,0,0,0,0,0,0,0", "15,0,0,900,0,0,0,900,9", "30,99,0,1800,0,99,60,1800,18"].join("\n"),
  );

  test("is judged when it was recorded and asked for", async () => {
    const { code, text } = await printed("--counters", timed, "--latency-ratio", "0.99");
    expect(code).toBe(1);
    expect(text).toContain("  slow canary  60 of 99 were too slow, 60.6 %\n");
    expect(text).toContain("slow: ignore below 1 %, pass below 1 %");
  });

  test("is said to be left out else", async () => {
    expect((await printed("--counters", timed)).text).toMatch(
      /remark {7}slow requests are known, but not judged: --latency-ratio says how many must be fast$/,
    );
    const shop = join(ROOT, "examples", "plan", "shop.yml");
    expect((await printed("--counters", example("good-usual"), "--release", shop)).text).toMatch(
      /remark {7}the release has a latency objective, which these numbers do not tell about$/,
    );
  });

  test("cannot be asked for where there is none", async () => {
    await refused(
      ["--counters", example("good-usual"), "--latency-ratio", "0.9"],
      `headgate judge: ${example("good-usual")} has no column canary_timed, which --latency-ratio asks for. Leave out --latency-ratio.`,
    );
  });
});

describe("Prometheus", () => {
  const start = Math.floor(Date.now() / 7_200_000) * 7200 - 7200;
  const csv = simulate(scenarios["bad-broken"] as (typeof scenarios)[string], 1);

  test("tells of a service on a host, with --from and --to as they are written", async () => {
    const weights = weightSeries([start, start + 1800, start + 3000], start + 1800, start + 3000);
    await using prometheus = await StandIn.start([...weights, ...gatewaySeries(csv, start)]);
    const ago = `-${Math.ceil(Date.now() / 1000 - start + 60)}s`;
    const { code, text } = await printed(
      "--prometheus",
      prometheus.url,
      "--service",
      "shop",
      "--from",
      ago,
      "--to",
      "-1s",
    );
    expect(code).toBe(1);
    expect(text).toMatch(/^fail, decided at \d{4}-.*, 30 s after the canary's first request\n/);
    expect(text).toContain("(revision 12)\n");
  });

  test("tells of latency with a release that has an objective", async () => {
    const times = Array.from({ length: 101 }, (_, index) => start + 30 * index);
    const histogram = (name: string, revision: string, le?: string) => ({
      metric: { __name__: `http_request_duration_seconds_${name}`, service: "shop", revision, ...(le && { le }) },
      values: times.map((at): [number, string] => [
        at,
        String(Math.max(0, at - start - (revision === "12" ? 1800 : 0))),
      ]),
    });
    const series = [
      ...weightSeries(times, start + 1800, start + 3000),
      ...gatewaySeries(simulate({ ...(scenarios["good-usual"] as (typeof scenarios)[string]) }, 1), start),
      ...["11", "12"].map((revision) => histogram("count", revision)),
      histogram("bucket", "11", "0.5"),
      { ...histogram("bucket", "12", "0.5"), values: times.map((at): [number, string] => [at, "0"]) },
    ];
    await using prometheus = await StandIn.start(series);
    const where = ["--prometheus", prometheus.url, "--service", "shop", "--from", String(start - 60)];
    const { code, text } = await printed(...where, "--release", join(ROOT, "examples", "plan", "shop.yml"));
    expect(code).toBe(1);
    expect(text).toMatch(/slow canary {2}\d+ of \d+ were too slow, 100 %\n/);
    expect(text).toMatch(/slow stable {2}0 of \d+ were too slow, 0 %\n/);
  });

  test("tells of any counters", async () => {
    await using prometheus = await StandIn.start(requestSeries(csv, start));
    const from = ["--prometheus", prometheus.url, "--from", String(start - 60), "--to", String(start + 3000)];
    const what = ["--total", "http_requests_total", "--bad", 'http_requests_total{code="503"}'];
    const { code, text } = await printed(
      ...from,
      ...what,
      "--canary",
      'revision="12"',
      "--stable",
      'revision="11"',
      "--json",
    );
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject({ verdict: "fail", canary: 'revision="12"', stable: 'revision="11"' });
  });

  test("leaves it undecided when it knows nothing, also as a picture", async () => {
    await using prometheus = await StandIn.start([]);
    const file = join(folder, "nothing.svg");
    const { code, text } = await printed("--prometheus", prometheus.url, "--service", "shop", "--svg", file);
    expect(code).toBe(3);
    expect(text).toMatch(
      /^undecided\n {2}no series match headgate_release_weight\{service="shop"\} between \S+ and \S+$/,
    );
    expect(readFileSync(file, "utf8")).toContain(">shop: undecided<");
  });
});

describe("what is wrong with the options is told", () => {
  const url = "http://127.0.0.1:9";
  const some = ["--prometheus", url, "--canary", 'a="1"', "--total", "up"];
  test.each([
    [
      ["--counters", "a.csv", "--replay", "b"],
      "there must be one source of numbers (got --counters, --replay). Keep one of them.",
    ],
    [["--counters", "a.csv", "b.csv"], "b.csv is no option. Folders and files belong to --replay."],
    [["--counters", "a.csv", "--from", "-20m"], "--from has no effect on --counters. It belongs to --prometheus."],
    [["--replay", "a", "--total", "up"], "--total has no effect on --replay. It belongs to --prometheus."],
    [
      ["--counters", "a.csv", "--service", "shop"],
      "--service has no effect on --counters without --release. Leave it out.",
    ],
    [["--replay", "a", "--svg", "b.svg"], "--svg draws one release. Name it with --counters."],
    [
      ["--prometheus", url],
      "--prometheus says not what to read. Add --service, or --canary, --stable, --total and --bad.",
    ],
    [some, "--stable is missing (got --canary, --total). Give --canary, --stable, --total and --bad together."],
    [
      ["--prometheus", url, "--service", "shop", "--latency-ratio", "0.9"],
      "--latency-ratio has no effect on --prometheus. Give --release, whose objectives name a time too.",
    ],
    [
      ["--prometheus", url, "--service", "shop", "--step", "0"],
      '--step must be a number of seconds above 0 and up to 86400 (got "0"). Write 15, for example.',
    ],
    [
      ["--counters", "a.csv", "--alpha", "1"],
      "--alpha must be a number above 0 and below 1 (got 1). Give a number above 0 and below 1.",
    ],
    [
      ["--counters", "a.csv", "--beta", "-.5"],
      "--beta must be a number above 0 and below 1 (got -0.5). Give a number above 0 and below 1.",
    ],
    [
      ["--counters", example("good-usual"), "--svg", join(folder, "none", "a.svg")],
      `--svg ${join(folder, "none", "a.svg")} cannot be written (got ENOENT). Name a file in a folder that is there.`,
    ],
  ])("%j", async (args, message) => {
    await refused(args, `headgate judge: ${message}`);
  });

  test("a document with another rule, or several services", async () => {
    const service = "{ image: { build: { context: . } }, port: 80, health: { readiness: { path: / } } }";
    const file = join(folder, "cicd.yml");
    writeFileSync(file, `service: ${service}\nrelease: { canary: {}, analysis: { threshold: {} } }\n`);
    await refused(
      ["--counters", "a.csv", "--release", file],
      `headgate judge: ${file} judges cicd by another rule (got analysis.threshold). This command runs the sequential test: write analysis.sequential in its place.`,
    );
    writeFileSync(file, `services:\n  a: { service: ${service} }\n  b: { service: ${service} }\n`);
    await refused(
      ["--counters", "a.csv", "--release", file],
      `headgate judge: ${file} has several services (got a, b). Choose one with --service.`,
    );
    expect((await printed("--counters", example("bad-broken"), "--release", file, "--service", "b")).code).toBe(1);
  });

  test("no option at all, and what there is none of", async () => {
    await refused([], judge.help);
    await expect(judge.run(["--gamma", "1"])).rejects.toThrow("Unknown option '--gamma'");
    expect((await printed("--help")).text).toBe(judge.help);
  });
});

describe("the picture", () => {
  const drawn = (csv: string, name = "run.csv") => {
    const looks: Look[] = [];
    const judgement = judgeRecording(ruleOf(PLAIN, {}), parseRecording(name, csv), (look) => looks.push(look));
    return { judgement, svg: judgementSvg({ judgement, remarks: [] }, looks, name) };
  };

  test.each(Object.entries(scenarios))("of %s is XML, inside its frame and with a title", (_name, scenario) => {
    const { judgement, svg } = drawn(simulate(scenario, 1));
    expect(wellFormed(svg)).toBe(true);
    expect(svg).toContain(`<title id="title">run.csv: ${judgement.verdict}</title>`);
    expect(svg).toMatch(/<desc id="story">[^<]*The evidence ended at -?[\d.,]+; it fails from 4.83 on/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const numbers = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
    expect(numbers.length).toBeGreaterThan(10);
    for (const [, x, y] of numbers) {
      expect([Number(x) >= 72, Number(x) <= 877, Number(y) >= 117, Number(y) <= 473]).toEqual([true, true, true, true]);
    }
  });

  test("crosses the boundary where it fails", () => {
    const { svg } = drawn(simulate(scenarios["bad-broken"] as (typeof scenarios)[string], 1));
    expect(svg).toContain(">fails after 30 s<");
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  test("is XML whatever the file is called, however long it is, and of a single slot", () => {
    const head = "t,canary_total,canary_bad,stable_total,stable_bad\n0,0,0,0,0\n";
    expect(wellFormed(drawn(`${head}15,1,0,1,0`, '<"&>.csv').svg)).toBe(true);
    expect(drawn(`${head}1e9,9,9,9,9`).svg).not.toMatch(/NaN|Infinity/);
    const long = Array.from({ length: 20_000 }, (_, index) => `${15 * index + 15},${index},0,${9 * index},0`);
    expect(drawn(head + long.join("\n")).svg.length).toBeLessThan(60_000);
  });
});

/** Whether tags are closed in order, attributes quoted, and no bare & or < is left. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)(\w+)((?:\s+[\w-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)\s*(\/?)>/g,
    (_all, end, name, _attributes, self) => {
      if (end === "/") return open.pop() === name ? "" : "<";
      if (self !== "/") open.push(name);
      return "";
    },
  );
  return open.length === 0 && !/[<>]|&(?!(amp|lt|gt|quot|#39);)/.test(rest);
}

describe("the text", () => {
  test("says when, in the units of the recording", () => {
    expect([time(90), time(1_700_000_000)]).toEqual(["90 s", "2023-11-14T22:13:20Z"]);
    expect([0.15, 59.6, 60, 90, 3600, 5400].map(formatSpan)).toEqual([
      ...["0.15 s", "59.6 s", "1 min", "1 min 30 s", "1 h", "1 h 30 min"],
    ]);
    expect([round(-0.001), round(1234.567)]).toEqual(["0", "1,234.57"]);
  });

  test("tells of slots that were left out", () => {
    const judgement: Judgement = judgeRecording(ruleOf(PLAIN, {}), {
      slots: [{ at: 15, new: { total: 1, bad: 2 }, old: { total: 1, bad: 0 } }],
      slotSeconds: 15,
    });
    expect(judgementText({ judgement, remarks: [] })).toContain(
      "left out     1 slot with more bad requests than requests",
    );
  });
});

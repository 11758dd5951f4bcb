import { afterEach, describe, expect, test } from "vitest";
import { UsageError } from "../command";
import { judgeRecording } from "./judgement";
import { recordingOf } from "./live";
import { isoTime, windowOf } from "./moment";
import { Prometheus, seriesName } from "./prometheus";
import { parseRecording } from "./recording";
import { PLAIN, ruleOf } from "./rule";
import { narrowed, parseMatchers, parseSelector } from "./selectors";
import { type Query, released, selected } from "./sources";
import { gatewaySeries, requestSeries, StandIn, type StoredSeries, weightSeries } from "./testing/prometheus";
import { scenarios, simulate } from "./testing/recordings";

const rule = ruleOf(PLAIN, {});
/** A multiple of all blocks of the dispersion, so that slots fall into the same blocks as in the file. */
const START = 1_700_002_800 - (1_700_002_800 % 7200);
const WINDOW = { from: START - 30, to: START + 3000 };
const NOW = START + 3600;
const csv = simulate(scenarios["bad-later"] as (typeof scenarios)[string], 7);
const fromFile = judgeRecording(rule, parseRecording("run.csv", csv));
const selectors = {
  canary: 'revision="12"',
  stable: 'revision="11"',
  total: "http_requests_total",
  bad: 'http_requests_total{code=~"5.."}',
};

let standIn: StandIn | undefined;
afterEach(async () => {
  await standIn?.[Symbol.asyncDispose]();
  standIn = undefined;
});

async function queryOf(series: StoredSeries[], more: Partial<Query> = {}): Promise<Query> {
  standIn = await StandIn.start(series);
  return { prometheus: new Prometheus(standIn.url), window: WINDOW, stepSeconds: undefined, now: NOW, ...more };
}

/** Without what a counter did not yet count: those of the canary appear with it, those of errors with the first. */
const born = (series: StoredSeries[], isBorn: (one: StoredSeries, at: number, value: string) => boolean) =>
  series.map((one) => ({ ...one, values: one.values.filter(([at, value]) => isBorn(one, at, value)) }));

describe("counters that selectors name", () => {
  test("are judged as the same numbers from a file", async () => {
    const { recording, canary, stable, remarks } = await selected(
      await queryOf(requestSeries(csv, START, 5000)),
      selectors,
    );
    expect([canary, stable, remarks]).toEqual(['revision="12"', 'revision="11"', []]);
    expect(recording?.slotSeconds).toBe(30);
    const judgement = judgeRecording(rule, recording ?? { slots: [], slotSeconds: 0 });
    // The first scrape says where counting starts: here it is a slot without requests.
    const { slots, historySlots } = fromFile;
    const shifted = { at: START + (fromFile.at ?? 0), beganAt: START + 1800, endedAt: START + (fromFile.at ?? 0) };
    expect(judgement).toEqual({ ...fromFile, ...shifted, slots: slots + 1, historySlots: historySlots + 1 });
  });

  test("appear late and lose no request by it", async () => {
    const late = born(requestSeries(csv, START), ({ metric }, at, value) =>
      metric["code"] === "503" ? value !== "0" : metric["revision"] === "11" || at > START + 1800,
    );
    const { recording } = await selected(await queryOf(late), selectors);
    const judgement = judgeRecording(rule, recording ?? { slots: [], slotSeconds: 0 });
    expect(judgement).toMatchObject({ verdict: "fail", logLikelihoodRatio: fromFile.logLikelihoodRatio });
    expect([judgement.stableBad, judgement.canaryBad]).toEqual([fromFile.stableBad, fromFile.canaryBad]);
  });

  test("skip samples that are no number", async () => {
    const series = requestSeries(csv, START).map((one) => ({
      ...one,
      values: one.values.flatMap(([at, value]): [number, string][] => [
        [at, value],
        [at + 1, "NaN"],
      ]),
    }));
    const { recording } = await selected(await queryOf(series), selectors);
    const judgement = judgeRecording(rule, recording ?? { slots: [], slotSeconds: 0 });
    expect(judgement.logLikelihoodRatio).toBe(fromFile.logLikelihoodRatio);
  });

  test.each([30, 2430])("that are no numbers from second %i on are not taken for no bad request", async (since) => {
    for (const [instance, revision] of [["stable", "11"] as const, ["canary", "12"] as const]) {
      const name = `http_requests_total{code="503",instance="${instance}",revision="${revision}"}`;
      const series = requestSeries(csv, START).map(({ metric, values }) => ({
        metric,
        values: values
          // From the second scrape on, which is then the first: none of them ever was a number.
          .filter(([at]) => at > START || since > 30)
          .map(([at, value]): [number, string] => [
            at,
            seriesName(metric) === name && at - START >= since ? "NaN" : value,
          ]),
      }));
      const { missing, recording } = await selected(await queryOf(series), selectors);
      expect(missing).toBe(`${name} is no number since ${isoTime(START + since)}`);
      expect(recording).toBeUndefined();
      await standIn?.[Symbol.asyncDispose]();
    }
  });

  test("of no canary leave it undecided, with the reason", async () => {
    const query = await queryOf(requestSeries(csv, START));
    expect(await selected(query, { ...selectors, canary: 'revision="13"' })).toEqual({
      canary: 'revision="13"',
      stable: 'revision="11"',
      missing: `no series match http_requests_total{revision="13"} between ${isoTime(WINDOW.from)} and ${isoTime(WINDOW.to)}`,
      remarks: [],
    });
  });

  test("of no errors are none only where they are those of the requests", async () => {
    const query = await queryOf(requestSeries(csv, START).filter(({ metric }) => metric["code"] !== "503"));
    const none = await selected(query, selectors);
    expect(none.recording).toBeDefined();
    expect(none.remarks).toEqual([
      'no series match http_requests_total{code=~"5.."}: taken as no bad request of either version',
    ]);
    const typo = await selected(query, { ...selectors, bad: 'http_requests_total{status=~"5.."}' });
    expect(typo.missing).toMatch(
      /^no series match http_requests_total\{status=~"5.."\} between .*, and those of http_requests_total have no label status$/,
    );
    const other = await selected(query, { ...selectors, bad: "http_errors_total" });
    expect(other.missing).toMatch(/^no series match http_errors_total between /);
    expect(other.recording).toBeUndefined();
  });

  test("of the errors of one version alone are not taken for no bad request where it may call them otherwise", async () => {
    const series = requestSeries(csv, START);
    const isBad = ({ metric }: StoredSeries) => metric["code"] === "503";
    for (const [revision, other] of [["12", "11"] as const, ["11", "12"] as const]) {
      const errors = series
        .filter((one) => isBad(one) && one.metric["revision"] === other)
        .map((one) => ({ ...one, metric: { ...one.metric, __name__: "http_errors_total" } }));
      const renamed = await selected(await queryOf([...series, ...errors]), { ...selectors, bad: "http_errors_total" });
      expect(renamed.missing).toContain(`no series match http_errors_total{revision="${revision}"} between `);
      expect(renamed.recording).toBeUndefined();
      await standIn?.[Symbol.asyncDispose]();
      const relabelled = series.map(({ metric: { code = "", ...metric }, values }) => ({
        metric: { ...metric, [metric["revision"] === revision ? "status" : "code"]: code },
        values,
      }));
      expect((await selected(await queryOf(relabelled), selectors)).missing).toMatch(
        new RegExp(`, and those of http_requests_total\\{revision="${revision}"\\} have no label code$`),
      );
      await standIn?.[Symbol.asyncDispose]();
      const flawless = series.filter((one) => !isBad(one) || one.metric["revision"] === other);
      const { recording, remarks } = await selected(await queryOf(flawless), selectors);
      expect(recording).toBeDefined();
      expect(remarks).toEqual([
        `no series match http_requests_total{code=~"5..",revision="${revision}"}: taken as no bad request`,
      ]);
      await standIn?.[Symbol.asyncDispose]();
    }
  });

  test("must be different ones for both versions", async () => {
    const query = await queryOf(requestSeries(csv, START));
    await expect(selected(query, { ...selectors, stable: 'revision=~"1."' })).rejects.toThrow(
      new UsageError(
        'headgate judge: --canary and --stable match the same series (got http_requests_total{code="503",instance="canary",revision="12"}). Add a matcher that tells them apart.',
      ),
    );
  });

  test("must not have begun before the window", async () => {
    const window = { from: START + 2000, to: START + 3000 };
    const query = await queryOf(requestSeries(csv, START), { window });
    await expect(selected(query, selectors)).rejects.toThrow(
      /^headgate judge: the canary had requests before 2023-11-14T22:33:20Z \(got http_requests_total\{.*revision="12"\} at \d+\)\. Give an earlier --from, if possible an hour before the release\.$/,
    );
  });

  test("may have begun before the window where Prometheus knows nothing earlier; they count from what they have", async () => {
    const young = born(requestSeries(csv, START), (_, at) => at >= START + 2400);
    const { recording } = await selected(await queryOf(young), selectors);
    expect(recording?.slots[0]).toMatchObject({ new: { total: 0 }, old: { total: 0 } });
  });

  test("of a single scrape leave it undecided", async () => {
    const once = born(requestSeries(csv, START), (_, at) => at === START + 2400);
    expect((await selected(await queryOf(once), selectors)).missing).toMatch(/^no counter has two samples between /);
  });

  test("are taken in slots of --step, and only in those that are over", async () => {
    const query = await queryOf(requestSeries(csv, START), { stepSeconds: 60, now: START + 2430 });
    const { recording } = await selected(query, selectors);
    expect(recording?.slotSeconds).toBe(60);
    expect(recording?.slots.at(-1)?.at).toBe(START + 2400);
  });
});

describe("the latest release of a service on a Docker host", () => {
  const times = Array.from({ length: 101 }, (_, index) => START + 30 * index);
  const others = gatewaySeries(csv, START, "r10-1", "web-1");

  test("is found by the guard's weights, and judged as the same numbers from a file", async () => {
    const weights = weightSeries(times, START + 1800, START + 3000);
    const query = await queryOf([...weights, ...gatewaySeries(csv, START), ...others]);
    const { recording, canary, stable } = await released(query, "shop", undefined);
    expect([canary, stable]).toEqual(["revision 12", "revision 11"]);
    const judgement = judgeRecording(rule, recording ?? { slots: [], slotSeconds: 0 });
    expect(judgement).toMatchObject({
      verdict: "fail",
      at: START + (fromFile.at ?? 0),
      logLikelihoodRatio: fromFile.logLikelihoodRatio,
      canaryBad: fromFile.canaryBad,
      stableRequests: fromFile.stableRequests,
    });
  });

  test("ends when one revision is alone again", async () => {
    const weights = weightSeries(times, START + 1800, START + 2100);
    const { recording } = await released(await queryOf([...weights, ...gatewaySeries(csv, START)]), "shop", undefined);
    expect(recording?.slots.at(-1)?.at).toBe(START + 2100);
  });

  test("counts failed connections as bad requests", async () => {
    const failures = gatewaySeries(csv, START).map(({ metric: { code: _, ...metric }, values }) => ({
      metric: { ...metric, __name__: "haproxy_server_connection_errors_total" },
      values: values.map(([at]): [number, string] => [at, at >= START + 2100 ? "5" : "0"]),
    }));
    const weights = weightSeries(times, START + 1800, START + 3000);
    const series = [...weights, ...gatewaySeries(csv, START), failures[0] as StoredSeries];
    const { recording } = await released(await queryOf(series), "shop", undefined);
    const plain = parseRecording("run.csv", csv).slots.find(({ at }) => at === 2100);
    const slot = recording?.slots.find(({ at }) => at === START + 2100);
    expect(slot?.new).toEqual({ total: (plain?.new.total ?? 0) + 5, bad: (plain?.new.bad ?? 0) + 5 });
  });

  test("has its latency from the service's own histogram", async () => {
    const histogram = (name: string, revision: string, value: (at: number) => number, le?: string): StoredSeries => ({
      metric: { __name__: `h_${name}`, service: "shop", revision, ...(le !== undefined && { le }) },
      values: times.map((at) => [at, String(value(at))]),
    });
    const since = (at: number) => Math.max(0, at - START - 1800);
    const series = [
      ...weightSeries(times, START + 1800, START + 3000),
      ...gatewaySeries(csv, START),
      histogram("count", "12", since),
      histogram("bucket", "12", (at) => since(at) / 2, "1.0"),
      histogram("bucket", "12", since, "2.0"),
      histogram("count", "11", (at) => at - START),
      histogram("bucket", "11", (at) => at - START, "1.0"),
    ];
    const latency = { histogram: "h", withinSeconds: 1 };
    const { recording, remarks } = await released(await queryOf(series), "shop", latency);
    expect(remarks).toEqual([]);
    expect(recording?.timed).toBe(true);
    const slot = recording?.slots.find(({ at }) => at === START + 1860);
    expect([slot?.new.timed, slot?.new.slow, slot?.old.timed, slot?.old.slow]).toEqual([30, 15, 30, 0]);
    // Here the old version has no bucket at the objective.
    await standIn?.[Symbol.asyncDispose]();
    const unknown = await released(await queryOf(series), "shop", { ...latency, withinSeconds: 2 });
    expect(unknown.remarks).toEqual([
      'no series match h_bucket{service="shop",revision="11",le=~"2([.]0)?"}: slow requests of revision 11 are not known',
    ]);
    const judgement = judgeRecording(
      { ...rule, errors: { ...rule.errors, ignoreBelow: 1 }, slow: { ignoreBelow: 0.5, sloMax: 0.5 } },
      unknown.recording ?? { slots: [], slotSeconds: 0 },
    );
    expect(judgement).toMatchObject({ verdict: "undecided", slow: { canaryRate: 0, stableRate: null } });
    expect(judgement.reason).toMatch(/; how long the old version's requests take is not known$/);
  });

  test("is undecided when there is none, with the reason", async () => {
    const span = `between ${isoTime(WINDOW.from)} and ${isoTime(WINDOW.to)}`;
    const nothing = await released(await queryOf([]), "shop", undefined);
    expect(nothing).toEqual({
      missing: `no series match headgate_release_weight{service="shop"} ${span}`,
      remarks: [],
    });
    const [old] = weightSeries(times, START, START + 3000);
    const alone = await released(await queryOf([old as StoredSeries]), "shop", undefined);
    expect(alone).toEqual({ missing: `shop had no release ${span}, only revision 11`, remarks: [] });
    const weights = weightSeries(times, START + 1800, START + 3000);
    const unseen = await released(await queryOf([...weights, ...others]), "shop", undefined);
    expect(unseen.missing).toMatch(
      /^no series match \{__name__=~"haproxy_server_.*",server=~"r12-\[0-9\]\+"\} between /,
    );
  });
});

test("targets that were scraped before tell that a counter appeared", () => {
  const matrix = (labels: Record<string, string>, values: [number, string][]) => [{ metric: labels, values }];
  const counted = (instance: string) =>
    recordingOf(
      [
        {
          version: "old",
          counts: ["total"],
          matrix: matrix({ instance: "a", code: "200" }, [
            [15, "9"],
            [30, "9"],
            [45, "9"],
          ]),
        },
        { version: "old", counts: ["total", "bad"], matrix: matrix({ instance, code: "503" }, [[45, "4"]]) },
      ],
      { from: 0, to: 45 },
      15,
      () => 45,
    )?.slots.map((slot) => slot.old.bad);
  expect(counted("a")).toEqual([0, 0, 4]);
  // A target that is new may have counted for years.
  expect(counted("b")).toEqual([0, 0, 0]);
});

test("a sample that is no number is none, so that a counter appears after it", () => {
  const values: [number, string][] = [
    [15, "NaN"],
    [30, "NaN"],
    [45, "4"],
    [60, "6"],
  ];
  const stable: [number, string][] = [15, 30, 45, 60].map((at) => [at, "9"]);
  const found = [
    { version: "new" as const, counts: ["total" as const], matrix: [{ metric: { a: "1" }, values }] },
    { version: "old" as const, counts: ["total" as const], matrix: [{ metric: { a: "2" }, values: stable }] },
  ];
  const slots = recordingOf(found, { from: 0, to: 60 }, undefined, () => 60)?.slots;
  expect(slots?.map((slot) => slot.new.total)).toEqual([0, 0, 4, 2]);
});

test("scrapes that jitter are whole seconds apart", () => {
  const values = [15.003, 29.998, 45.01, 60.002].map((at): [number, string] => [at, "1"]);
  const found = [{ version: "old" as const, counts: ["total" as const], matrix: [{ metric: {}, values }] }];
  expect(recordingOf(found, { from: 0, to: 60 }, undefined, () => 60)?.slotSeconds).toBe(15);
  const fast = values.map(([at, value]): [number, string] => [at / 100, value]);
  const quick = [{ version: "old" as const, counts: ["total" as const], matrix: [{ metric: {}, values: fast }] }];
  expect(recordingOf(quick, { from: 0, to: 60 }, undefined, () => 60)?.slotSeconds).toBe(0.15);
});

describe("Prometheus", () => {
  const asked = async (answer: { status: number; body: string }) => {
    standIn = await StandIn.start([], answer);
    return await new Prometheus(standIn.url).samples("up{}", WINDOW);
  };

  test("that is not there is told", async () => {
    standIn = await StandIn.start([]);
    const { url } = standIn;
    await standIn[Symbol.asyncDispose]();
    standIn = undefined;
    await expect(new Prometheus(url).samples("up{}", WINDOW)).rejects.toThrow(
      new UsageError(`headgate judge: ${url} cannot be reached (got ECONNREFUSED). Check the address.`),
    );
  });

  test("that refuses a selector is told with its words", async () => {
    const body = JSON.stringify({ status: "error", errorType: "bad_data", error: "parse error: unexpected }" });
    await expect(asked({ status: 400, body })).rejects.toThrow(
      new UsageError('headgate judge: Prometheus refuses up{} (got "parse error: unexpected }"). Mend the selector.'),
    );
  });

  test.each([
    [502, "<html>Bad Gateway</html>", '502 "<html>Bad Gateway</html>"'],
    [200, "", '200 ""'],
    [200, '{"status":"success","data":{"result":[{"metric":{},"value":[1,"2"]}]}}', "200 "],
  ])("that answers %i %j is none", async (status, body, got) => {
    const said = asked({ status, body });
    await expect(said).rejects.toThrow(UsageError);
    await expect(said).rejects.toThrow(
      `headgate judge: ${standIn?.url} does not answer as Prometheus does (got ${got}`,
    );
    await expect(said).rejects.toThrow("). Give the address whose /api/v1/query is that of Prometheus.");
  });

  test("gets a user's name and password, which no message repeats", async () => {
    standIn = await StandIn.start([]);
    const prometheus = new Prometheus(standIn.url.replace("//", "//me:open%20sesame@"));
    await prometheus.samples("up{}", WINDOW);
    expect(standIn.headers).toEqual([`Basic ${Buffer.from("me:open sesame").toString("base64")}`]);
    expect(prometheus.address).toBe(standIn.url);
    expect(standIn.queries).toEqual(["up{}[3030000ms]"]);
    expect(() => new Prometheus("ftp://me:secret@host")).toThrow(
      new UsageError(
        'headgate judge: --prometheus is no address (got "ftp://host"). Write "http://127.0.0.1:9090", for example.',
      ),
    );
    expect(() => new Prometheus("localhost:9090")).toThrow('is no address (got "localhost:9090")');
  });

  test("names series as it writes them", () => {
    expect(seriesName({ b: 'x"y', __name__: "up", a: "1" })).toBe('up{a="1",b="x\\"y"}');
  });
});

describe("selectors", () => {
  test("are narrowed by matchers", () => {
    const of = (text: string) => narrowed(parseSelector("--bad", text), ['revision="12"']);
    expect(of("http_requests_total")).toBe('http_requests_total{revision="12"}');
    expect(of("up{}")).toBe('up{revision="12"}');
    expect(of('a:b{code=~"5..", x!=\'}{,"\',}')).toBe('a:b{code=~"5..",x!=\'}{,"\',revision="12"}');
    expect(of('{__name__="up"}')).toBe('{__name__="up",revision="12"}');
    expect(parseMatchers("--canary", ' { a="1", b=~"x,y" } ')).toEqual(['a="1"', 'b=~"x,y"']);
  });

  test.each(["", "{}", "rate(up[5m])", "sum(up)", 'up{a="1"', "up{a=1}", "up + up", 'up{a="1"}[5m]'])(
    "%j is none",
    (text) => {
      expect(() => parseSelector("--total", text)).toThrow(
        new UsageError(
          `headgate judge: --total is no selector (got ${JSON.stringify(text)}). Name the counter itself, such as 'http_requests_total{code=~"5.."}': this command counts its increments.`,
        ),
      );
    },
  );

  test.each(["", "{}", "revision=12", 'up{a="1"}', 'a="1" b="2"', ","])("%j are no matchers", (text) => {
    expect(() => parseMatchers("--canary", text)).toThrow(
      new UsageError(
        `headgate judge: --canary must be label matchers (got ${JSON.stringify(text)}). Write 'revision="12"', for example.`,
      ),
    );
  });
});

describe("times", () => {
  test("are relative, of a clock, or seconds", () => {
    expect(windowOf(undefined, undefined, 10_000)).toEqual({ from: 2800, to: 10_000 });
    expect(windowOf("-20m", "-90s", 10_000)).toEqual({ from: 8800, to: 9910 });
    expect(windowOf(undefined, "9000.5", 10_000)).toEqual({ from: 1800.5, to: 9000.5 });
    expect(windowOf("1970-01-01T02:00:00+01:00", "1970-01-01T01:00:01Z", 10_000)).toEqual({ from: 3600, to: 3601 });
  });

  test.each([
    "yesterday",
    "",
    "-20",
    "-20x",
    "2026-01-31",
    "2026-01-31T14:00:00",
    "2026-13-31T14:00:00Z",
    "1700000000000",
  ])("%j is none", (text) => {
    const fix = 'Write "-20m", a time with its offset such as "2026-01-31T14:00:00Z", or seconds since 1970.';
    const message = `headgate judge: --from is no time (got ${JSON.stringify(text)}). ${fix}`;
    expect(() => windowOf(text, undefined, 2e9)).toThrow(new UsageError(message));
  });

  test("follow each other", () => {
    expect(() => windowOf("60", "30", 100)).toThrow(
      new UsageError(
        "headgate judge: --from must be before --to (got 1970-01-01T00:01:00Z to 1970-01-01T00:00:30Z). Give an earlier --from.",
      ),
    );
  });
});

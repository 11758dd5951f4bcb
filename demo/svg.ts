import { Canvas, escapeXml, px, stepArea, stepPath } from "../cli/canvas";
import { count, ratio, seconds, weight } from "./format";
import { type LoadSample, NO_VERSION, sumOf } from "./load";
import { NOBODY, type Series, seriesOf } from "./series";
import type { ShownRelease } from "./shown-release";

/** What the picture shows. */
export interface Picture {
  title: string;
  /** Samples of the load, one per second, oldest first; at least three. */
  samples: readonly LoadSample[];
  /** Releases during the load, oldest first. */
  releases: readonly ShownRelease[];
}

const WIDTH = 900;
const LEFT = 58;
const RIGHT = 24;
const MAX_BINS = 240;
const SHARE = { top: 128, bottom: 288 };
const REQUESTS = { top: 334, bottom: 424 };
const FAILED = { top: 470, bottom: 540 };
/** Dark pages get a dark card; colours of data suit both. */
const DARK =
  "@media(prefers-color-scheme:dark){.card{fill:#0f172a;stroke:#334155}.ink{fill:#e2e8f0}.soft{fill:#94a3b8}" +
  ".halo{stroke:#0f172a}.grid{stroke:#1e293b}.line{stroke:#e2e8f0}}";

type Panel = { top: number; bottom: number };

/** Draws the releases over time as an SVG document without external parts. Pure. */
export function releasesSvg({ title, samples, releases }: Picture): string {
  // The load began and ended within a second; these two have fewer requests for no reason worth showing.
  const whole = samples.slice(1, -1);
  const start = whole[0]?.t;
  if (start === undefined) throw new RangeError(`releasesSvg: samples must be three or more (got ${samples.length}).`);
  const series = seriesOf(whole, releases, MAX_BINS);
  const x = (second: number) => LEFT + (second / whole.length) * (WIDTH - LEFT - RIGHT);
  const at = (time: number) => x(Math.min(Math.max(time - start, 0), whole.length));
  const canvas = new Canvas(WIDTH);

  drawBands(canvas, releases, at);
  drawShares(canvas, series, x);
  drawRequests(canvas, series, x);
  drawFailures(canvas, series, x);
  drawTimeAxis(canvas, whole.length, x);
  const summary = summaryOf(samples, whole);
  canvas.text(24, 36, title, { size: 20, bold: true });
  canvas.text(24, 58, summary, { size: 13, soft: true });
  drawLegend(canvas, series);
  drawWeights(canvas, releases, at);
  drawNames(canvas, series, x);
  const height = drawEndings(canvas, releases, at) + 18;

  const story = [summary, ...releases.map((release) => endingOf(release).join(": "))].join(". ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" width="${WIDTH}" height="${px(height)}"`,
    ' role="img" aria-labelledby="title story" font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, Arial, sans-serif">',
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="story">${escapeXml(story)}</desc>`,
    `<style>${DARK}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${px(height - 1)}" rx="10" fill="#fff" stroke="#cbd5e1"/>`,
    canvas.toString(),
    "</svg>",
    "",
  ].join("\n");
}

/** A tint behind all panels while a release runs, and a line where it ended. */
function drawBands(canvas: Canvas, releases: readonly ShownRelease[], at: (time: number) => number): void {
  for (const { state } of releases) {
    const [from, to] = [at(state.startedAt), at(decidedAt(state))];
    canvas.shape(
      `<rect x="${px(from)}" y="${SHARE.top}" width="${px(to - from)}" height="${FAILED.bottom - SHARE.top}" fill="#64748b" fill-opacity="0.1"/>`,
    );
  }
}

function drawShares(canvas: Canvas, series: Series, x: (second: number) => number): void {
  drawPanel(
    canvas,
    SHARE,
    "Traffic share of each version, measured by its answers",
    1,
    [0, 0.25, 0.5, 0.75, 1],
    (value) => weight(value * 100),
  );
  const xs = series.edges.map(x);
  let bottoms = xs.slice(1).map(() => SHARE.bottom);
  for (const { colour, share } of series.versions) {
    const tops = share.map((value, index) => (bottoms[index] ?? 0) - value * (SHARE.bottom - SHARE.top));
    if (share.some((value) => value > 0)) {
      canvas.shape(`<path d="${stepArea(xs, tops, bottoms)}" fill="${colour}" fill-opacity="0.75"/>`);
    }
    bottoms = tops;
  }
}

/** The weights the guard set, as a line, each with its number. */
function drawWeights(canvas: Canvas, releases: readonly ShownRelease[], at: (time: number) => number): void {
  for (const { state } of releases) {
    const steps = state.steps.filter(({ weight }) => weight > 0);
    const [first] = steps;
    if (first === undefined) continue;
    const heights = steps.map(({ weight }) => SHARE.bottom - (weight / 100) * (SHARE.bottom - SHARE.top));
    const xs = [...steps.map(({ startedAt }) => at(startedAt)), at(decidedAt(state))];
    const end = state.outcome === "rolledBack" ? `V${SHARE.bottom}` : `V${SHARE.top}`;
    canvas.shape(
      `<path class="line" d="M${px(xs[0] ?? 0)} ${SHARE.bottom}V${stepPath(xs, heights).split(" ")[1]}${end}" fill="none" stroke="#0f172a" stroke-width="1.5"/>`,
    );
    steps.forEach(({ weight: percent }, index) => {
      const middle = ((xs[index] ?? 0) + (xs[index + 1] ?? 0)) / 2;
      const line = heights[index] ?? 0;
      const above = [5, 18, 31, 44, 57].map((rise): [number, number] => [middle, line - rise]);
      const below = [14, 27, 40, 53].map((fall): [number, number] => [middle, line + fall]);
      const inside = [...above, ...below].filter(([, y]) => y > SHARE.top + 10 && y < SHARE.bottom - 3);
      canvas.place(inside, weight(percent), { size: 11, anchor: "middle", bold: true, halo: true });
    });
  }
}

/** Each version's name in the widest stretch where it has most of the traffic, if there is room. */
function drawNames(canvas: Canvas, series: Series, x: (second: number) => number): void {
  for (const { version, share } of series.versions) {
    const [best] = stretches(share, (value) => value >= 0.8).sort((a, b) => b.to - b.from - (a.to - a.from));
    if (best === undefined) continue;
    const [left, right] = [x(series.edges[best.from] ?? 0), x(series.edges[best.to] ?? 0)];
    if (right - left < version.length * 9 + 12) continue;
    const middle = (left + right) / 2;
    const heights = [0.5, 0.35, 0.65, 0.2].map((share): [number, number] => [
      middle,
      SHARE.top + share * (SHARE.bottom - SHARE.top),
    ]);
    canvas.place(heights, version, { size: 13, anchor: "middle", bold: true, halo: true });
  }
}

function drawRequests(canvas: Canvas, series: Series, x: (second: number) => number): void {
  const largest = Math.max(1, ...series.versions.flatMap(({ perSecond }) => perSecond));
  const y = drawPanel(canvas, REQUESTS, "Requests per second", largest * 1.05, niceTicks(largest), count);
  for (const { colour, perSecond } of [...series.versions].reverse()) {
    const lines = stretches(perSecond, (value) => value > 0).map(({ from, to }) => {
      const steps = stepPath(series.edges.slice(from, to + 1).map(x), perSecond.slice(from, to).map(y));
      // The line rises from zero and falls back to it, except at the ends of the load.
      const rise = from === 0 ? steps : `M${px(x(series.edges[from] ?? 0))} ${px(y(0))}V${steps.replace(/^M\S+ /, "")}`;
      return to === perSecond.length ? rise : `${rise}V${px(y(0))}`;
    });
    if (lines.length === 0) continue;
    canvas.shape(
      `<path d="${lines.join("")}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`,
    );
  }
}

function drawFailures(canvas: Canvas, series: Series, x: (second: number) => number): void {
  const stacks = [
    ...series.versions.map(({ colour, failedPerSecond }) => ({ colour, values: failedPerSecond })),
    { colour: NOBODY, values: series.errorsPerSecond },
  ];
  const totals = series.errorsPerSecond.map((_, index) =>
    stacks.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const largest = Math.max(2, ...totals);
  const y = drawPanel(canvas, FAILED, "Failed requests per second", largest * 1.05, niceTicks(largest), count);
  const xs = series.edges.map(x);
  let sums = totals.map(() => 0);
  for (const { colour, values } of stacks) {
    const next = sums.map((sum, index) => sum + (values[index] ?? 0));
    if (values.some((value) => value > 0)) {
      canvas.shape(`<path d="${stepArea(xs, next.map(y), sums.map(y))}" fill="${colour}"/>`);
    }
    sums = next;
  }
}

/** Caption, grid and scale of a panel; returns its vertical scale. */
function drawPanel(
  canvas: Canvas,
  { top, bottom }: Panel,
  caption: string,
  most: number,
  ticks: readonly number[],
  label: (value: number) => string,
): (value: number) => number {
  const y = (value: number) => bottom - (value / most) * (bottom - top);
  canvas.text(LEFT, top - 10, caption, { size: 12, bold: true });
  for (const tick of ticks) {
    canvas.shape(
      `<path class="grid" d="M${LEFT} ${px(y(tick))}H${WIDTH - RIGHT}" stroke="#e2e8f0" stroke-width="1" fill="none"/>`,
    );
    canvas.text(LEFT - 8, y(tick) + 4, label(tick), { size: 11, anchor: "end", soft: true });
  }
  return y;
}

function drawTimeAxis(canvas: Canvas, length: number, x: (second: number) => number): void {
  const distance = [5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].find((step) => length / step <= 12) ?? length;
  for (let second = 0; second <= length; second += distance) {
    const [minutes, rest] = [Math.floor(second / 60), second % 60];
    canvas.shape(
      `<path class="grid" d="M${px(x(second))} ${FAILED.bottom}v5" stroke="#e2e8f0" stroke-width="1" fill="none"/>`,
    );
    canvas.text(x(second), FAILED.bottom + 18, `${minutes}:${String(rest).padStart(2, "0")}`, {
      size: 11,
      anchor: "middle",
      soft: true,
    });
  }
  canvas.text(LEFT, FAILED.bottom + 36, "Time since the load began, minutes:seconds", { size: 11, soft: true });
}

function drawLegend(canvas: Canvas, series: Series): void {
  let left = 24;
  const entry = (mark: string, label: string) => {
    canvas.shape(mark);
    canvas.text(left + 20, 86, label, { size: 12 });
    left += 20 + label.length * 7.2 + 22;
  };
  const square = (colour: string) => `<rect x="${px(left)}" y="76" width="12" height="12" rx="3" fill="${colour}"/>`;
  for (const { version, colour } of [...series.versions].reverse()) {
    if (version !== NO_VERSION) entry(square(colour), version);
  }
  if (
    series.versions.some(({ version }) => version === NO_VERSION) ||
    series.errorsPerSecond.some((rate) => rate > 0)
  ) {
    entry(square(NOBODY), "no version answered");
  }
  entry(
    `<path class="line" d="M${px(left)} 82h13" stroke="#0f172a" stroke-width="1.5" fill="none"/>`,
    "weight the guard set",
  );
}

/** A bar and two lines of text under each release; texts that would meet go one row down. Returns the lowest y. */
function drawEndings(canvas: Canvas, releases: readonly ShownRelease[], at: (time: number) => number): number {
  const barY = FAILED.bottom + 50;
  let lowest = barY;
  for (const release of releases) {
    const { state } = release;
    const [from, to] = [at(state.startedAt), at(decidedAt(state))];
    const colour = state.outcome === "rolledBack" ? "#dc2626" : "#16a34a";
    canvas.shape(
      `<rect x="${px(from)}" y="${barY}" width="${px(Math.max(to - from, 4))}" height="5" rx="2.5" fill="${colour}"/>`,
    );
    const [ending, detail] = endingOf(release);
    const half = (Math.max(ending.length * 13 * 0.63, detail.length * 12 * 0.58) + 16) / 2;
    const middle = Math.min(Math.max((from + to) / 2, 8 + half), WIDTH - 8 - half);
    const row = releases.map((_, index) => barY + 24 + index * 42);
    const free = (y: number) =>
      canvas.isFree({ left: middle - half, right: middle + half, top: y - 14, bottom: y + 21 });
    const y = row.find(free) ?? lowest + 24;
    canvas.text(middle, y, ending, { size: 13, anchor: "middle", bold: true });
    canvas.text(middle, y + 17, detail, { size: 12, anchor: "middle", soft: true });
    lowest = Math.max(lowest, y + 17);
  }
  return lowest;
}

/** "1.2.0 taken back at 10 % after 12 s", and its figures. */
function endingOf({ version, state }: ShownRelease): [ending: string, figures: string] {
  const last = state.steps.at(-1);
  const after = seconds(decidedAt(state) - (state.steps[0]?.startedAt ?? state.startedAt));
  const { bad, total } = state.totals.new;
  const figures = `${bad === 0 ? "none" : ratio(bad, total)} of its ${count(total)} requests failed`;
  if (state.outcome === "rolledBack")
    return [`${version} taken back at ${weight(last?.weight ?? 0)} after ${after}`, figures];
  return [`${version} ${state.outcome === "promoted" ? "promoted" : "under way"} after ${after}`, figures];
}

function decidedAt(state: ShownRelease["state"]): number {
  return state.steps.at(-1)?.endedAt ?? state.endedAt ?? state.startedAt;
}

function summaryOf(samples: readonly LoadSample[], whole: readonly LoadSample[]): string {
  const { sent, failed, errors } = sumOf(samples);
  const rate = count(sumOf(whole).sent / whole.length);
  return `${count(sent)} requests at ${rate} per second; ${count(failed)} answered with an error, ${count(errors)} not answered`;
}

/** The runs of neighbouring values that fit, as half-open ranges. */
function stretches(values: readonly number[], fits: (value: number) => boolean): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | undefined;
  for (let index = 0; index <= values.length; index += 1) {
    const value = values[index];
    if (value !== undefined && fits(value)) from ??= index;
    else if (from !== undefined) {
      found.push({ from, to: index });
      from = undefined;
    }
  }
  return found;
}

/** Round numbers from 0 up to at most `most`, up to five of them. */
function niceTicks(most: number): number[] {
  const magnitude = 10 ** Math.floor(Math.log10(most / 4));
  const fitting = [1, 2, 2.5, 5].map((factor) => factor * magnitude).find((step) => most / step <= 4);
  const step = Math.max(1, Math.ceil(fitting ?? 10 * magnitude));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

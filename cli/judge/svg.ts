import { Canvas, escapeXml, px } from "../canvas";
import type { Look } from "./judgement";
import { formatSpan, percent, round, type Told, time } from "./text";

const WIDTH = 900;
const HEIGHT = 520;
const LEFT = 72;
const RIGHT = 24;
/** Upper and lower edge of the two charts. */
const EVIDENCE = { top: 118, bottom: 318 };
const RATES = { top: 372, bottom: 472 };
const CANARY = "#b45309";
const STABLE = "#0f766e";
const RED = "#be123c";
const BLUE = "#2563eb";
const GREY = "#94a3b8";
const COLOURS = { fail: RED, pass: STABLE, undecided: BLUE };
/** Shares are taken over this part of what is drawn: less of it is noise, more of it late. */
const SMOOTHED = 1 / 20;
/** Of the history so much is drawn, as a part of the release; at least so many slots, for releases that soon fail. */
const HISTORY = 0.2;
const HISTORY_SLOTS = 10;
/** The same lines on a dark ground. */
const BRIGHT: Record<string, string> = {
  [CANARY]: "#f59e0b",
  [STABLE]: "#2dd4bf",
  [RED]: "#fb7185",
  [BLUE]: "#60a5fa",
};
const DARK =
  "@media(prefers-color-scheme:dark){.card{fill:#0f172a;stroke:#334155}.ink{fill:#e2e8f0}.soft{fill:#94a3b8}" +
  `.halo{stroke:#0f172a}.grid{stroke:#1e293b}${Object.entries(BRIGHT)
    .map(([colour, bright]) => `.${classOf(colour)}{stroke:${bright}}`)
    .join("")}}`;

interface Point {
  at: number;
  value: number;
}

/** Draws the evidence over time with both boundaries, and both versions' shares of bad requests below it. */
export function judgementSvg(told: Told, looks: readonly Look[], name: string): string {
  const { judgement } = told;
  const span = spanOf(told, looks);
  const shown = looks.filter(({ slot }) => slot.at > span.from);
  const x = (at: number) => LEFT + ((at - span.from) / (span.to - span.from)) * (WIDTH - LEFT - RIGHT);
  const canvas = new Canvas(WIDTH);
  const heading = `${name}: ${judgement.verdict}`;
  canvas.text(24, 36, shortened(heading, 60), { size: 20, bold: true });
  for (const [index, line] of wrapped(judgement.reason, 112).entries()) {
    canvas.text(24, 58 + 18 * index, line, { size: 13, soft: true });
  }
  drawTimes(canvas, span, x);
  drawEvidence(canvas, told, shown, x);
  drawRates(canvas, shown, span.to - span.from, judgement.slotSeconds, x);
  drawVerdict(canvas, told, x);
  const { logLikelihoodRatio, failAt, passAt, canaryRate, stableRate } = judgement;
  const share = (rate: number | null) => (rate === null ? "none" : percent(rate));
  const story = [
    `${judgement.reason}.`,
    `The evidence ended at ${round(logLikelihoodRatio)}; it fails from ${round(failAt)} on and passes from ${round(passAt)} down.`,
    `Share of bad requests: canary ${share(canaryRate)}, stable ${share(stableRate)}.`,
  ].join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`,
    ' role="img" aria-labelledby="title story" font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, Arial, sans-serif">',
    `<title id="title">${escapeXml(heading)}</title>`,
    `<desc id="story">${escapeXml(story)}</desc>`,
    `<style>${DARK}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="10" fill="#fff" stroke="#cbd5e1"/>`,
    canvas.toString(),
    "</svg>",
    "",
  ].join("\n");
}

/** What is drawn: the release, and the end of the history before it. */
function spanOf({ judgement }: Told, looks: readonly Look[]): { from: number; to: number } {
  const to = judgement.endedAt ?? 1;
  const first = (looks[0]?.slot.at ?? to) - judgement.slotSeconds;
  const beganAt = judgement.beganAt ?? first;
  const from = Math.max(first, beganAt - Math.max(HISTORY * (to - beganAt), HISTORY_SLOTS * judgement.slotSeconds));
  return from < to ? { from, to } : { from: to - 1, to };
}

/** Times from the canary's first request, at round minutes. */
function drawTimes(canvas: Canvas, { from, to }: { from: number; to: number }, x: (at: number) => number): void {
  const every = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400].find(
    (step) => (to - from) / step <= 9,
  );
  const step = every ?? Math.ceil((to - from) / 9 / 86_400) * 86_400;
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    for (const { top, bottom } of [EVIDENCE, RATES]) {
      canvas.shape(`<path class="grid" d="M${px(x(at))} ${top}V${bottom}" stroke="#e2e8f0" fill="none"/>`);
    }
    canvas.place([[x(at), RATES.bottom + 16]], clock(at), { size: 10, anchor: "middle", soft: true });
  }
}

/** A moment as short as it can be. */
function clock(at: number): string {
  const text = time(at);
  return text.includes("T") ? text.slice(11, 19).replace(/:00$/, "") : formatSpan(at);
}

function drawEvidence(canvas: Canvas, { judgement }: Told, looks: readonly Look[], x: (at: number) => number): void {
  const { failAt, passAt, verdict } = judgement;
  const [highest, lowest] = [1.25 * failAt, 1.25 * passAt];
  const y = scale(EVIDENCE, lowest, highest);
  const title = "Evidence against the canary (above 0) and for it (below)";
  canvas.text(LEFT, EVIDENCE.top - 10, title, { size: 13, bold: true });
  boundary(canvas, y(failAt), COLOURS.fail, "fails", round(failAt), "5 3");
  boundary(canvas, y(passAt), COLOURS.pass, "passes", round(passAt), "5 3");
  boundary(canvas, y(0), GREY, "", "0", "");
  const points = looks.map(({ slot, logLikelihoodRatio }) => ({
    at: slot.at,
    value: Math.min(highest, Math.max(lowest, logLikelihoodRatio)),
  }));
  draw(canvas, points, x, y, COLOURS[verdict]);
}

function boundary(canvas: Canvas, y: number, colour: string, name: string, value: string, dashes: string): void {
  const style = dashes === "" ? "" : ` stroke-dasharray="${dashes}"`;
  canvas.shape(
    `<path class="${classOf(colour)}" d="M${LEFT} ${px(y)}H${WIDTH - RIGHT}" stroke="${colour}" stroke-width="1.2" fill="none"${style}/>`,
  );
  canvas.text(LEFT - 8, y + 4, value, { size: 11, anchor: "end", soft: true });
  if (name !== "") canvas.text(LEFT + 6, y - 5, name, { size: 11, soft: true, halo: true });
}

function drawRates(
  canvas: Canvas,
  looks: readonly Look[],
  span: number,
  slotSeconds: number,
  x: (at: number) => number,
): void {
  const seconds = Math.max(1, Math.round((span * SMOOTHED) / slotSeconds)) * slotSeconds;
  const [canary, stable] = [ratesOf(looks, "new", seconds), ratesOf(looks, "old", seconds)];
  const largest = Math.max(0, ...canary.map(({ value }) => value), ...stable.map(({ value }) => value));
  const top = largest === 0 ? 0.01 : 1.1 * largest;
  const y = scale(RATES, 0, top);
  canvas.text(LEFT, RATES.top - 12, "Share of requests that failed", { size: 13, bold: true });
  for (const share of [0, largest === 0 ? 0.01 : largest]) {
    canvas.shape(`<path class="grid" d="M${LEFT} ${px(y(share))}H${WIDTH - RIGHT}" stroke="#e2e8f0" fill="none"/>`);
    canvas.text(LEFT - 8, y(share) + 4, percent(share), { size: 11, anchor: "end", soft: true });
  }
  draw(canvas, stable, x, y, STABLE);
  draw(canvas, canary, x, y, CANARY);
  legend(canvas, LEFT + 230, STABLE, "stable");
  legend(canvas, LEFT + 310, CANARY, "canary");
  canvas.text(LEFT + 390, RATES.top - 12, `over ${formatSpan(seconds)} each`, { size: 11, soft: true });
}

function legend(canvas: Canvas, left: number, colour: string, name: string): void {
  const y = RATES.top - 16;
  canvas.shape(
    `<path class="${classOf(colour)}" d="M${left} ${y}h18" stroke="${colour}" stroke-width="2.5" fill="none"/>`,
  );
  canvas.text(left + 24, y + 4, name, { size: 12 });
}

/** Share of bad requests over the last `seconds`, where there were any requests. */
function ratesOf(looks: readonly Look[], version: "new" | "old", seconds: number): Point[] {
  const points: Point[] = [];
  let [first, bad, total] = [0, 0, 0];
  for (const { slot } of looks) {
    bad += slot[version].bad;
    total += slot[version].total;
    for (
      let oldest = looks[first];
      oldest !== undefined && oldest.slot.at <= slot.at - seconds;
      oldest = looks[first]
    ) {
      bad -= oldest.slot[version].bad;
      total -= oldest.slot[version].total;
      first += 1;
    }
    if (total > 0) points.push({ at: slot.at, value: Math.max(0, bad) / total });
  }
  return points;
}

/** Where and how it was decided. */
function drawVerdict(canvas: Canvas, { judgement }: Told, x: (at: number) => number): void {
  const { beganAt, at, verdict, secondsToVerdict } = judgement;
  if (beganAt !== null) mark(canvas, x(beganAt), GREY, "canary's first request");
  if (at === null || secondsToVerdict === null) return;
  const what = verdict === "fail" ? "fails" : "passes";
  mark(canvas, x(at), COLOURS[verdict], `${what} after ${formatSpan(secondsToVerdict)}`);
}

function mark(canvas: Canvas, x: number, colour: string, label: string): void {
  for (const { top, bottom } of [EVIDENCE, RATES]) {
    canvas.shape(
      `<path class="${classOf(colour)}" d="M${px(x)} ${top}V${bottom}" stroke="${colour}" stroke-width="1.2" stroke-dasharray="2 3" fill="none"/>`,
    );
  }
  const y = EVIDENCE.bottom + 16;
  const style = { size: 11, soft: true } as const;
  const left: [number, number] = [x - 6, y];
  if (
    canvas.place(
      [
        [x + 4, y],
        [x + 4, y + 14],
      ],
      label,
      style,
    )
  )
    return;
  canvas.place([left, [x - 6, y + 14]], label, { ...style, anchor: "end" });
}

const scale =
  ({ top, bottom }: { top: number; bottom: number }, lowest: number, highest: number) =>
  (value: number): number =>
    bottom - ((value - lowest) / (highest - lowest)) * (bottom - top);

/** A line through points. Those that fall on the same pixel are one: the last of them. */
function draw(
  canvas: Canvas,
  points: readonly Point[],
  x: (at: number) => number,
  y: (value: number) => number,
  colour: string,
): void {
  const seen = points.filter(({ at }, index) => Math.round(x(at)) !== Math.round(x(points[index + 1]?.at ?? Infinity)));
  const [only, ...others] = seen;
  if (only !== undefined && others.length === 0) {
    // A line of no length with round ends is a dot.
    const dot = `M${px(x(only.at))} ${px(y(only.value))}h0.1`;
    canvas.shape(
      `<path class="${classOf(colour)}" d="${dot}" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`,
    );
    return;
  }
  const path = seen.map(({ at, value }, index) => `${index === 0 ? "M" : "L"}${px(x(at))} ${px(y(value))}`).join("");
  canvas.shape(
    `<path class="${classOf(colour)}" d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`,
  );
}

/** Class of a line by its colour, for the dark scheme. */
function classOf(colour: string): string {
  return `line${colour.replace("#", "-")}`;
}

/** Words in lines of at most so many characters; what is too much for two lines is cut. */
function wrapped(text: string, most: number): string[] {
  const cut = text.length <= most ? -1 : text.lastIndexOf(" ", most);
  if (cut <= 0) return [shortened(text, most)];
  return [text.slice(0, cut), shortened(text.slice(cut + 1), most)];
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

import { exposureAt, type Stage } from "../../components/release/compile/exposure";
import { Canvas, escapeXml, px, stepArea, stepPath } from "../canvas";
import type { Outlook, TargetOutlook } from "./outlook";
import { duration } from "./text";

const WIDTH = 900;
const LEFT = 56;
const RIGHT = 24;
const TOP = 92;
const ROW = 118;
const CHART = 64;
/** Exact is calm, everything else catches the eye. */
const COLOURS = { exact: "#0f766e", emulated: "#2563eb", approximated: "#b45309", dropped: "#be123c" };
const ABOVE = "#be123c";
const DARK =
  "@media(prefers-color-scheme:dark){.card{fill:#0f172a;stroke:#334155}.ink{fill:#e2e8f0}.soft{fill:#94a3b8}" +
  ".grid{stroke:#1e293b}.asked{stroke:#e2e8f0}}";

/** Draws the share of the new version over time, requested against each target, as an SVG without external parts. */
export function outlookSvg(outlook: Outlook): string {
  const { service, strategy, requested, targets } = outlook;
  const end = 1.06 * Math.max(60, ...targets.map(({ secondsToAll }) => secondsToAll), timeOf(requested));
  const x = (seconds: number) => LEFT + (seconds / end) * (WIDTH - LEFT - RIGHT);
  const canvas = new Canvas(WIDTH);
  canvas.text(24, 36, `${service}: what each target makes of its ${strategy} release`, { size: 20, bold: true });
  const story =
    "Share of the traffic of the new version over time. Dashed: as asked for. Filled: as the target does it.";
  canvas.text(24, 58, story, { size: 13, soft: true });
  targets.forEach((target, index) => {
    drawTarget(canvas, target, requested, TOP + index * ROW, end, x);
  });
  const height = TOP + targets.length * ROW + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ' role="img" aria-labelledby="title story" font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, Arial, sans-serif">',
    `<title id="title">${escapeXml(`${service}: ${strategy} release`)}</title>`,
    `<desc id="story">${escapeXml(targets.map(summary).join(". "))}</desc>`,
    `<style>${DARK}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="#fff" stroke="#cbd5e1"/>`,
    canvas.toString(),
    "</svg>",
    "",
  ].join("\n");
}

const timeOf = (stages: readonly Stage[]) => stages.reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);

function summary({ target, fidelity, secondsToAll, problems }: TargetOutlook): string {
  return problems.length > 0 ? `${target}: refused` : `${target}: ${fidelity}, ${duration(secondsToAll)} to 100 %`;
}

function drawTarget(
  canvas: Canvas,
  outlook: TargetOutlook,
  requested: readonly Stage[],
  top: number,
  end: number,
  x: (seconds: number) => number,
): void {
  const { target, fidelity, steps, secondsToAll, problems, diagnostics } = outlook;
  const [upper, lower] = [top + 24, top + 24 + CHART];
  const y = (share: number) => lower - (share / 100) * CHART;
  const refused = problems.length > 0;
  canvas.text(LEFT, top + 12, target, { size: 14, bold: true });
  const remark = refused ? `refused: ${problems[0]?.path} ${problems[0]?.problem}` : diagnostics[0]?.message;
  const short = remark === undefined ? `${fidelity}, ${duration(secondsToAll)} to 100 %` : `${fidelity} · ${remark}`;
  const line = refused ? (remark ?? "refused") : short;
  canvas.text(LEFT + 120, top + 12, shortened(line), { size: 11, soft: true });
  for (const share of [0, 50, 100]) {
    const grid = `M${LEFT} ${px(y(share))}H${WIDTH - RIGHT}`;
    canvas.shape(`<path class="grid" d="${grid}" stroke="#e2e8f0" fill="none"/>`);
    canvas.text(LEFT - 8, y(share) + 4, `${share} %`, { size: 11, anchor: "end", soft: true });
  }
  if (!refused) {
    const { edges, shares } = staircase(steps, end);
    const [xs, ys] = [edges.map(x), shares.map(y)];
    const bottoms = shares.map(() => lower);
    const colour = COLOURS[fidelity];
    canvas.shape(`<path d="${stepArea(xs, ys, bottoms)}" fill="${colour}" fill-opacity="0.25"/>`);
    canvas.shape(`<path d="${stepPath(xs, ys)}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    drawExcess(canvas, steps, requested, end, x, y);
  }
  const asked = staircase(requested, end);
  canvas.shape(
    `<path class="asked" d="${stepPath(asked.edges.map(x), asked.shares.map(y))}" fill="none" stroke="#0f172a" stroke-width="1.2" stroke-dasharray="4 3"/>`,
  );
  for (const at of ticks(end)) {
    canvas.shape(`<path class="grid" d="M${px(x(at))} ${upper}V${lower + 4}" stroke="#e2e8f0" fill="none"/>`);
    canvas.text(x(at), lower + 15, at === 0 ? "0" : duration(at), { size: 10, anchor: "middle", soft: true });
  }
}

/** Where the new version gets more than was asked for. */
function drawExcess(
  canvas: Canvas,
  steps: readonly Stage[],
  requested: readonly Stage[],
  end: number,
  x: (seconds: number) => number,
  y: (share: number) => number,
): void {
  const edges = [...new Set([...staircase(steps, end).edges, ...staircase(requested, end).edges])].sort(
    (a, b) => a - b,
  );
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const [share, asked] = [exposureAt(steps, from), exposureAt(requested, from)];
    if (share <= asked) continue;
    const width = x(edges[index + 1] ?? end) - x(from);
    const box = `x="${px(x(from))}" y="${px(y(share))}" width="${px(width)}" height="${px(y(asked) - y(share))}"`;
    canvas.shape(`<rect ${box} fill="${ABOVE}" fill-opacity="0.45"/>`);
  }
}

function staircase(stages: readonly Stage[], end: number): { edges: number[]; shares: number[] } {
  const edges = [0];
  for (const { holdSeconds } of stages) edges.push((edges.at(-1) ?? 0) + holdSeconds);
  return { edges: [...edges, end], shares: [...stages.map(({ weight }) => weight), 100] };
}

/** About six moments, at round minutes. */
function ticks(end: number): number[] {
  const round = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800];
  const every = round.find((step) => end / step <= 8) ?? 2_592_000;
  return Array.from({ length: Math.floor(end / every) + 1 }, (_, index) => index * every);
}

const LONGEST = 120;
const shortened = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

import { type Canvas, px } from "../../cli/canvas";
import { type Comparison, isNull, TRUSTED_BELOW } from "./compare";
import { drawing, drawStrip, line, OURS, stripHeight, WIDTH } from "./drawing";
import { nameOf, RATES, RELEASE_SECONDS } from "./grid";
import { JUDGES, type JudgeName, OTHERS } from "./judges";
import type { CellSummary } from "./summary";
import { percent, timesOurs } from "./tables";

const COLOURS: Record<JudgeName, string> = {
  sequential: OURS,
  "Argo 95 %, limit 0": "#be123c",
  "Argo 95 %, limit 3": "#e879a6",
  "Argo 99 %, limit 3": "#b45309",
  "Flagger 99 %": "#2563eb",
  "ratio 1.5": "#ca8a04",
  Kayenta: "#7c3aed",
};

/** Share of good versions taken back: a dot for each cell. */
export function falseRollbackFigure(cells: readonly CellSummary[]): string {
  const good = cells.filter(({ cell }) => isNull(cell));
  const story = `Each dot is one of ${good.length} kinds of traffic with a new version that is as good as the old one, or better.`;
  return drawing("Good versions taken back", story, stripHeight(JUDGES.length), (canvas) =>
    drawStrip(canvas, {
      rows: JUDGES.map((judge) => {
        const values = good.map(({ judges }) => judges[judge].share);
        const above = values.filter((share) => share > TRUSTED_BELOW).length;
        const remark = `worst ${percent(Math.max(...values))} %, ${above} above ${percent(TRUSTED_BELOW)} %`;
        return { name: judge, colour: COLOURS[judge], values, remark };
      }),
      from: 0.0001,
      to: 1,
      ticks: [0.0001, 0.001, 0.01, 0.1, 1].map((share) => [share, share <= 0.0001 ? "0" : `${100 * share} %`] as const),
      mark: [0.01, "promised: 1 %"],
    }),
  );
}

/** Bad requests under each other judge against ours: a dot for each bad version it can be trusted with. */
export function badRequestsFigure(comparisons: readonly Comparison[]): string {
  const story =
    "Each dot is a kind of traffic with a worse new version, under a judge that takes back fewer than " +
    `${percent(TRUSTED_BELOW)} % of good ones there.`;
  return drawing(
    "Bad requests answered, as times those under the sequential test",
    story,
    stripHeight(OTHERS.length),
    (canvas) =>
      drawStrip(canvas, {
        rows: OTHERS.map((judge) => {
          const own = comparisons.filter((comparison) => comparison.judge === judge);
          const count = (side: string) => own.filter(({ fewerBad }) => fewerBad === side).length;
          const remark = `ours fewer ${count("ours")}, theirs ${count("theirs")}`;
          return { name: judge, colour: COLOURS[judge], values: own.map(({ theirs }) => timesOurs(theirs)), remark };
        }),
        from: 0.3,
        to: 30,
        ticks: [0.3, 0.5, 1, 2, 5, 10, 30].map((times) => [times, times === 30 ? "≥ 30 ×" : `${times} ×`] as const),
        mark: [1, "the same"],
      }),
  );
}

const PANEL = { left: 64, top: 128, width: 262, gap: 20, height: 130, below: 46 };
const PANEL_THETAS = [1.5, 2, 5];
const PANEL_RATIO = 0.01;

/** Share found and median delay over the rate of requests, for three effects. */
export function powerFigure(cells: readonly CellSummary[]): string {
  const height = PANEL.top + 2 * (PANEL.height + PANEL.below) + 10;
  const story = `Old version: ${percent(PANEL_RATIO)} % errors that come alone. Faint: judges that take back ${percent(TRUSTED_BELOW)} % of good versions or more there.`;
  return drawing("How many bad versions are found, and how soon", story, height, (canvas) => {
    drawLegend(canvas);
    PANEL_THETAS.forEach((theta, column) => {
      drawPanels(canvas, cells, theta, PANEL.left + column * (PANEL.width + PANEL.gap));
    });
  });
}

function drawLegend(canvas: Canvas): void {
  const step = (WIDTH - 48) / JUDGES.length;
  JUDGES.forEach((judge, index) => {
    const x = 24 + index * step;
    canvas.shape(`<circle cx="${px(x + 5)}" cy="80" r="5" fill="${COLOURS[judge]}"/>`);
    canvas.text(x + 14, 84, judge, { size: 11 });
  });
}

function drawPanels(canvas: Canvas, cells: readonly CellSummary[], theta: number, left: number): void {
  const x = (index: number) => left + ((index + 0.5) * PANEL.width) / RATES.length;
  canvas.text(left + PANEL.width / 2, PANEL.top - 12, `${theta} × as many errors`, {
    size: 13,
    anchor: "middle",
    bold: true,
  });
  const rows = [
    { top: PANEL.top, ticks: [0, 0.5, 1].map((share) => [share, `${100 * share} %`] as const), most: 1 },
    {
      top: PANEL.top + PANEL.height + PANEL.below,
      ticks: [0, 300, 600, 900, 1200].map((seconds) => [seconds, `${seconds / 60} min`] as const),
      most: RELEASE_SECONDS,
    },
  ];
  const byName = new Map(cells.map((summary) => [nameOf(summary.cell), summary.judges]));
  for (const [row, { top, ticks, most }] of rows.entries()) {
    const bottom = top + PANEL.height;
    const y = (value: number) => bottom - (value / most) * PANEL.height;
    for (const [value, text] of ticks) {
      line(canvas, `M${left} ${px(y(value))}H${left + PANEL.width}`);
      if (left === PANEL.left) canvas.text(left - 8, y(value) + 4, text, { size: 11, anchor: "end", soft: true });
    }
    RATES.forEach((rate, index) => {
      canvas.text(x(index), bottom + 16, String(rate), { size: 11, anchor: "middle", soft: true });
    });
    const name = row === 0 ? "found, over requests per second" : "median delay, where a tenth or more is found";
    canvas.text(left + PANEL.width / 2, bottom + 32, name, { size: 11, anchor: "middle", soft: true });
    for (const judge of [...JUDGES].reverse()) {
      const points = RATES.flatMap((requestsPerSecond, index) => {
        const cell = { kind: "independent" as const, requestsPerSecond, errorRatio: PANEL_RATIO, theta };
        const found = byName.get(nameOf(cell))?.[judge];
        const equal = byName.get(nameOf({ ...cell, theta: 1 }))?.[judge];
        const value = row === 0 ? found?.share : (found?.share ?? 0) >= 0.1 ? (found?.medianDelay ?? null) : null;
        if (value === undefined || value === null || equal === undefined) return [];
        return [{ x: x(index), y: y(value), trusted: equal.share < TRUSTED_BELOW }];
      });
      drawLine(canvas, points, COLOURS[judge], judge === "sequential");
    }
  }
}

/** A line through points; faint where one of its ends cannot be trusted. */
function drawLine(
  canvas: Canvas,
  points: readonly { x: number; y: number; trusted: boolean }[],
  colour: string,
  bold: boolean,
): void {
  const faint = (trusted: boolean) => (trusted ? "" : ' opacity="0.22"');
  points.slice(1).forEach((point, index) => {
    const before = points[index] ?? point;
    const path = `M${px(before.x)} ${px(before.y)}L${px(point.x)} ${px(point.y)}`;
    const look = `stroke="${colour}" stroke-width="${bold ? 3 : 1.6}"${faint(point.trusted && before.trusted)}`;
    canvas.shape(`<path d="${path}" fill="none" ${look}/>`);
  });
  for (const { x, y, trusted } of points) {
    canvas.shape(`<circle cx="${px(x)}" cy="${px(y)}" r="${bold ? 4 : 3}" fill="${colour}"${faint(trusted)}/>`);
  }
}

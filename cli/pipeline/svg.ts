import type { PipelinePlan } from "../../components/pipeline/plan";
import { Phase, type PlannedJob } from "../../components/pipeline/planned-jobs";
import { boxOf, Canvas, escapeXml, px } from "../canvas";

const BOX = { width: 216, height: 40 };
const GAP = { x: 56, y: 14 };
const LEFT = 28;
const TOP = 108;

/** What a job is about, by colour. */
const COLOURS: Record<PlannedJob["kind"], string> = {
  commands: "#475569",
  test: "#2563eb",
  build: "#0f766e",
  scan: "#7c3aed",
  gate: "#0f172a",
  deploy: "#b45309",
  ask: "#b45309",
  announce: "#475569",
  release: "#0f766e",
  notify: "#475569",
  preview: "#b45309",
  drift: "#b45309",
  resolve: "#0f766e",
  dispatched: "#475569",
  cleanup: "#475569",
};
const DARK =
  "@media(prefers-color-scheme:dark){.card{fill:#0f172a;stroke:#334155}.ink{fill:#e2e8f0}.soft{fill:#94a3b8}" +
  ".box{fill:#1e293b}.edge{stroke:#64748b}}";

const CHAIN: readonly Phase[] = [Phase.change, Phase.scan, Phase.deliver];
/** Runs of their own, in the order in which they are told. */
const ALONE: readonly (readonly [Phase, string])[] = [
  [Phase.preview, "on pull requests"],
  [Phase.drift, "every night"],
  [Phase.tag, "on tags"],
  [Phase.dispatch, "by hand"],
  [Phase.cleanup, "every week"],
];

/** Draws which job waits for which, from the change to the last environment, as an SVG without external parts. */
export function pipelineSvg(plan: PipelinePlan): string {
  const jobs = plan.jobs.filter(({ phase }) => CHAIN.includes(phase));
  const columns = columnsOf(jobs);
  const rows = Math.max(1, ...columns.map((column) => column.length));
  const width = Math.max(640, 2 * LEFT + columns.length * (BOX.width + GAP.x) - GAP.x);
  const canvas = new Canvas(width);
  canvas.text(24, 36, shortened(`${plan.name}: from a change to production`, width - 48, 20, true), {
    size: 20,
    bold: true,
  });
  const story = "Each job waits for those that point at it. The gate is the one check that a pull request must pass.";
  canvas.text(24, 58, shortened(story, width - 48, 13, false), { size: 13, soft: true });
  const full = rows * (BOX.height + GAP.y) - GAP.y;
  const places = new Map<string, { x: number; y: number }>();
  for (const [index, column] of columns.entries()) {
    const height = column.length * (BOX.height + GAP.y) - GAP.y;
    for (const [row, { id }] of column.entries()) {
      const y = TOP + (full - height) / 2 + row * (BOX.height + GAP.y);
      places.set(id, { x: LEFT + index * (BOX.width + GAP.x), y });
    }
  }
  drawEdges(canvas, jobs, places);
  for (const job of jobs) drawJob(canvas, job, places.get(job.id) ?? { x: 0, y: 0 });
  const bottom = drawAlone(canvas, plan, TOP + full + 44, width);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(bottom)}" width="${px(width)}" height="${px(bottom)}"`,
    ' role="img" aria-labelledby="title story" font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, Arial, sans-serif">',
    `<title id="title">${escapeXml(`Jobs of ${plan.name}`)}</title>`,
    `<desc id="story">${escapeXml(jobs.map(told).join(". "))}</desc>`,
    `<style>${DARK}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${px(width - 1)}" height="${px(bottom - 1)}" rx="10" fill="#fff" stroke="#cbd5e1"/>`,
    canvas.toString(),
    "</svg>",
    "",
  ].join("\n");
}

const told = ({ title, needs }: PlannedJob): string =>
  needs.length === 0 ? title : `${title} after ${needs.join(", ")}`;

/** Jobs by the longest way to them. */
function columnsOf(jobs: readonly PlannedJob[]): PlannedJob[][] {
  const depth = new Map<string, number>();
  for (const { id, needs } of jobs) depth.set(id, Math.max(-1, ...needs.map((need) => depth.get(need) ?? -1)) + 1);
  const columns: PlannedJob[][] = [];
  for (const job of jobs) {
    const column = depth.get(job.id) ?? 0;
    columns[column] = [...(columns[column] ?? []), job];
  }
  return columns;
}

function drawEdges(
  canvas: Canvas,
  jobs: readonly PlannedJob[],
  places: ReadonlyMap<string, { x: number; y: number }>,
): void {
  const needs = new Map(jobs.map((job) => [job.id, job.needs]));
  const reaches = (from: string, to: string): boolean =>
    (needs.get(from) ?? []).some((need) => need === to || reaches(need, to));
  for (const job of jobs) {
    // What is waited for by way of another job needs no line of its own.
    const direct = job.needs.filter((need) => !job.needs.some((other) => other !== need && reaches(other, need)));
    for (const need of direct) {
      const [from, to] = [places.get(need), places.get(job.id)];
      if (from === undefined || to === undefined) continue;
      const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
      const [x2, y2] = [to.x, to.y + BOX.height / 2];
      const bend = Math.max(24, (x2 - x1) / 2);
      const path = `M${px(x1)} ${px(y1)}C${px(x1 + bend)} ${px(y1)} ${px(x2 - bend)} ${px(y2)} ${px(x2)} ${px(y2)}`;
      canvas.shape(`<path class="edge" d="${path}" fill="none" stroke="#94a3b8" stroke-width="1.4"/>`);
    }
  }
}

function drawJob(canvas: Canvas, job: PlannedJob, { x, y }: { x: number; y: number }): void {
  const colour = COLOURS[job.kind];
  const box = `x="${px(x)}" y="${px(y)}" width="${BOX.width}" height="${BOX.height}" rx="7"`;
  canvas.shape(`<rect class="box" ${box} fill="#f8fafc" stroke="${colour}" stroke-width="1.4"/>`);
  canvas.shape(`<rect x="${px(x)}" y="${px(y)}" width="5" height="${BOX.height}" rx="2" fill="${colour}"/>`);
  const title = shortened(job.title, BOX.width - 24, 11, true);
  canvas.text(x + 15, y + BOX.height / 2 + 4, title, { size: 11, bold: true });
}

/** Lines for what does not follow from a change. Gives where the picture ends. */
function drawAlone(canvas: Canvas, plan: PipelinePlan, top: number, width: number): number {
  let y = top;
  for (const [phase, when] of ALONE) {
    const jobs = plan.jobs.filter((job) => job.phase === phase);
    if (jobs.length === 0) continue;
    canvas.text(LEFT, y, when, { size: 12, bold: true });
    const names = jobs.map(({ title }) => title).join(" · ");
    canvas.text(LEFT + 130, y, shortened(names, width - LEFT * 2 - 130, 12, false), { size: 12, soft: true });
    y += 22;
  }
  return y === top ? top - 16 : y + 4;
}

function shortened(text: string, width: number, size: number, bold: boolean): string {
  const fits = (part: string): boolean => {
    const { left, right } = boxOf(0, 0, part, { size, bold });
    return right - left <= width;
  };
  if (fits(text)) return text;
  let short = text;
  while (short !== "" && !fits(`${short}…`)) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}

import { Canvas, escapeXml, px } from "../../cli/canvas";

export const WIDTH = 900;
/** Ours stands out; the others keep their colours in every drawing. */
export const OURS = "#0f766e";
const DARK =
  "@media(prefers-color-scheme:dark){.card{fill:#0f172a;stroke:#334155}.ink{fill:#e2e8f0}.soft{fill:#94a3b8}" +
  ".grid{stroke:#1e293b}.mark{stroke:#e2e8f0}.hollow{fill:#0f172a}}";

/** A drawing without external parts, for light and dark pages. */
export function drawing(title: string, story: string, height: number, draw: (canvas: Canvas) => void): string {
  const canvas = new Canvas(WIDTH);
  canvas.text(24, 36, title, { size: 20, bold: true });
  canvas.text(24, 58, story, { size: 13, soft: true });
  draw(canvas);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ' role="img" aria-labelledby="title story" font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, Arial, sans-serif">',
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="story">${escapeXml(story)}</desc>`,
    `<style>${DARK}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="#fff" stroke="#cbd5e1"/>`,
    canvas.toString(),
    "</svg>",
    "",
  ].join("\n");
}

/** A thin line of the grid, or a dashed one that something is measured against. */
export function line(canvas: Canvas, path: string, dashed = false): void {
  const look = dashed ? 'class="mark" stroke="#0f172a" stroke-dasharray="4 3"' : 'class="grid" stroke="#e2e8f0"';
  canvas.shape(`<path ${look} d="${path}" fill="none"/>`);
}

/** One row of a strip: a name, its dots and a remark at the end. */
export interface StripRow {
  name: string;
  colour: string;
  values: readonly number[];
  remark: string;
}

export interface Strip {
  rows: readonly StripRow[];
  /** Ends of the logarithmic axis; what lies beyond stands at its end. */
  from: number;
  to: number;
  ticks: readonly (readonly [value: number, text: string])[];
  /** Dashed line, and what it says. */
  mark: readonly [value: number, text: string];
}

const STRIP = { left: 170, right: 180, top: 104, row: 46 };

export const stripHeight = (rows: number) => STRIP.top + rows * STRIP.row + 40;

/** Dots on a logarithmic axis, one row below the other; the darker, the more of them. */
export function drawStrip(canvas: Canvas, { rows, from, to, ticks, mark }: Strip): void {
  const x = (value: number) => {
    const share = Math.log(Math.min(to, Math.max(from, value)) / from) / Math.log(to / from);
    return STRIP.left + share * (WIDTH - STRIP.left - STRIP.right);
  };
  const bottom = STRIP.top + rows.length * STRIP.row;
  for (const [value, text] of ticks) {
    line(canvas, `M${px(x(value))} ${STRIP.top - 8}V${bottom}`);
    canvas.text(x(value), bottom + 18, text, { size: 11, anchor: "middle", soft: true });
  }
  line(canvas, `M${px(x(mark[0]))} ${STRIP.top - 8}V${bottom}`, true);
  canvas.text(x(mark[0]), STRIP.top - 14, mark[1], { size: 11, anchor: "middle", soft: true });
  rows.forEach(({ name, colour, values, remark }, index) => {
    const middle = STRIP.top + (index + 0.5) * STRIP.row;
    canvas.text(STRIP.left - 14, middle + 4, name, { size: 13, anchor: "end", bold: colour === OURS });
    canvas.text(WIDTH - STRIP.right + 16, middle + 4, remark, { size: 11, soft: true });
    // Lines of no length with round ends are dots, in a fraction of the bytes. The golden ratio spreads equal ones evenly.
    const dots = values.map((value, number) => {
      const offset = (((number * 0.618034) % 1) - 0.5) * STRIP.row * 0.7;
      return `M${px(x(value))} ${px(middle + offset)}h0`;
    });
    const look = `stroke="${colour}" stroke-opacity="0.6" stroke-width="4" stroke-linecap="round"`;
    canvas.shape(`<path d="${dots.join("")}" fill="none" ${look}/>`);
  });
}

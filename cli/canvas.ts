/** Where a text stands, in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface TextStyle {
  size: number;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
  /** Soft texts step back behind the data. */
  soft?: boolean;
  /** Keeps the text readable over coloured areas. */
  halo?: boolean;
}

/** Wider than the common sans-serif fonts are on average, so that texts which fit here fit everywhere. */
const GLYPH_WIDTH = 0.58;
const BOLD_GLYPH_WIDTH = 0.63;

/** Escapes what XML reserves and drops what XML cannot hold. */
export function escapeXml(text: string): string {
  const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 does not allow.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
      .replace(/[&<>"']/g, (found) => escapes[found] ?? found)
  );
}

/** A coordinate with at most one decimal. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** SVG elements in drawing order; texts last, above everything, and none over another. */
export class Canvas {
  private readonly shapes: string[] = [];
  private readonly texts: string[] = [];
  private readonly boxes: Box[] = [];

  constructor(private readonly width: number) {}

  shape(element: string): void {
    this.shapes.push(element);
  }

  /** Writes a text at a place that is known to be free. */
  text(x: number, y: number, content: string, style: TextStyle): void {
    this.boxes.push(boxOf(x, y, content, style));
    const { size, anchor = "start", bold = false, soft = false, halo = false } = style;
    const kind = `${soft ? "soft" : "ink"}${halo ? " halo" : ""}`;
    const fill = soft ? "#64748b" : "#0f172a";
    const aura = halo ? ' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' : "";
    this.texts.push(
      `<text class="${kind}" x="${px(x)}" y="${px(y)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}"` +
        `${bold ? ' font-weight="600"' : ""}${aura}>${escapeXml(content)}</text>`,
    );
  }

  /** Writes a text at the first of some places where it covers no other and stays inside; false when there is none. */
  place(places: readonly [x: number, y: number][], content: string, style: TextStyle): boolean {
    const free = places.find(([x, y]) => this.isFree(boxOf(x, y, content, style)));
    if (free === undefined) return false;
    this.text(free[0], free[1], content, style);
    return true;
  }

  /** Whether a box is inside and covers no text. */
  isFree(box: Box): boolean {
    return box.left >= 0 && box.right <= this.width && !this.boxes.some((other) => overlap(box, other));
  }

  toString(): string {
    return [...this.shapes, ...this.texts].join("\n");
  }
}

/** The box of a text, rather too large than too small. */
export function boxOf(x: number, y: number, content: string, { size, anchor = "start", bold = false }: TextStyle): Box {
  const width = [...content].length * size * (bold ? BOLD_GLYPH_WIDTH : GLYPH_WIDTH);
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  return { left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.22 };
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** A line of steps through values at rising x, as path data; each value holds until the next x. */
export function stepPath(xs: readonly number[], ys: readonly number[]): string {
  let path = "";
  ys.forEach((y, index) => {
    const turn =
      index === 0 ? `M${px(xs[0] ?? 0)} ${px(y)}` : ys[index - 1] === y ? "" : `H${px(xs[index] ?? 0)}V${px(y)}`;
    path += turn;
  });
  return `${path}H${px(xs[ys.length] ?? 0)}`;
}

/** The area between two lines of steps, as path data. */
export function stepArea(xs: readonly number[], tops: readonly number[], bottoms: readonly number[]): string {
  let back = "";
  for (let index = bottoms.length - 1; index >= 0; index -= 1) {
    const y = bottoms[index] ?? 0;
    if (index === bottoms.length - 1) back += `V${px(y)}`;
    const before = bottoms[index - 1];
    if (before === undefined) back += `H${px(xs[0] ?? 0)}`;
    else if (before !== y) back += `H${px(xs[index] ?? 0)}V${px(before)}`;
  }
  return `${stepPath(xs, tops)}${back}Z`;
}

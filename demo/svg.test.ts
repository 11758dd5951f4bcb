import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, boxOf, escapeXml, overlap, stepArea, stepPath } from "../cli/canvas";
import { madeRelease, madeSamples } from "./fixture";
import type { ShownRelease } from "./shown-release";
import { releasesSvg } from "./svg";

const START = 1_780_000_000;

function draw(releases: ShownRelease[], seconds: number, title = "title"): string {
  return releasesSvg({ title, samples: madeSamples("1.0.0", releases, START - 1, START + seconds + 1), releases });
}

function goodAndBad(): ShownRelease[] {
  const good = madeRelease({
    version: "1.1.0",
    startedAt: START + 14,
    steps: [
      [10, 15],
      [25, 15],
      [50, 15],
      [75, 15],
      [100, 10],
    ],
    outcome: "promoted",
  });
  good.state.totals.new = { total: 7231, bad: 0 };
  const bad = madeRelease({ version: "1.2.0", startedAt: START + 118, steps: [[10, 12]], outcome: "rolledBack" });
  bad.state.totals.new = { total: 940, bad: 46 };
  return [good, bad];
}

/** Fails unless the text is one well-formed element with every name closed, and returns the texts in it. */
function parse(xml: string): { texts: { box: Box; content: string }[]; elements: number } {
  const token = /<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+(?::[a-z]+)?="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  const open: { name: string; attributes: Map<string, string> }[] = [];
  const texts: { box: Box; content: string }[] = [];
  let elements = 0;
  let position = 0;
  for (const match of xml.trim().matchAll(token)) {
    expect(match.index, "nothing between two tokens").toBe(position);
    position += match[0].length;
    const [, closing, name = "", attributes = "", empty, content] = match;
    if (content !== undefined) {
      expect(content.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
      const parent = open.at(-1);
      expect(parent, "no text outside the root").toBeDefined();
      if (parent?.name === "text") texts.push(textOf(parent.attributes, content));
    } else if (closing === "/") expect(open.pop()?.name).toBe(name);
    else {
      elements += 1;
      const pairs = [...attributes.matchAll(/([a-zA-Z-:]+)="([^"]*)"/g)].map(
        ([, key = "", value = ""]) => [key, value] as const,
      );
      const map = new Map(pairs);
      expect(map.size, `attributes of <${name}> appear once`).toBe(pairs.length);
      for (const value of map.values()) expect(value).not.toMatch(/NaN|undefined|Infinity/);
      if (empty !== "/") open.push({ name, attributes: map });
    }
  }
  expect(position, "everything was read").toBe(xml.trim().length);
  expect(open).toEqual([]);
  return { texts, elements };
}

function textOf(attributes: Map<string, string>, content: string): { box: Box; content: string } {
  const plain = content.replace(/&(amp|lt|gt|quot|#39);/g, "&");
  const anchor = attributes.get("text-anchor") as "start" | "middle" | "end";
  const style = { size: Number(attributes.get("font-size")), anchor, bold: attributes.has("font-weight") };
  return { content, box: boxOf(Number(attributes.get("x")), Number(attributes.get("y")), plain, style) };
}

/** Pairs of texts that cover each other; a coordinate is rounded to a tenth. */
function collisions(texts: { box: Box; content: string }[]): string[] {
  const shrunk = texts.map(({ box, content }) => ({
    content,
    box: { left: box.left + 0.2, right: box.right - 0.2, top: box.top + 0.2, bottom: box.bottom - 0.2 },
  }));
  return shrunk.flatMap((one, index) =>
    shrunk
      .slice(index + 1)
      .filter((other) => overlap(one.box, other.box))
      .map((other) => `${one.content} / ${other.content}`),
  );
}

describe("releasesSvg", () => {
  it("tells the story of a good and a bad release", () => {
    const svg = draw(goodAndBad(), 150, "hello: a good release and a bad one");
    const { texts } = parse(svg);
    const contents = texts.map(({ content }) => content);
    for (const said of [
      "1.1.0 promoted after 70 s",
      "none of its 7,231 requests failed",
      "1.2.0 taken back at 10 % after 12 s",
      "4.9 % of its 940 requests failed",
      "30,400 requests at 200 per second; 20 answered with an error, 0 not answered",
      "0:15",
      "2:30",
    ]) {
      expect(contents).toContain(said);
    }
    expect(contents.filter((content) => /^\d+ %$/.test(content)).sort()).toEqual(
      // The scale, the five steps of the good release and the one of the bad.
      ["0 %", "25 %", "50 %", "75 %", "100 %", "10 %", "25 %", "50 %", "75 %", "100 %", "10 %"].sort(),
    );
    expect(svg).toContain('<desc id="story">30,400 requests');
    expect(svg).toContain("1.2.0 taken back at 10 % after 12 s: 4.9 % of its 940 requests failed</desc>");
  });

  it("draws shares, requests and failures where the samples have them", () => {
    const svg = draw(goodAndBad(), 150);
    // 10 % of 160 px above the bottom at 288, from second 122 to 134 of 150 on 818 px.
    expect(svg).toContain('<path d="M58 288H723.3V272H788.7V288H876V288H58Z" fill="#dc2626"');
    // 20 of 200 requests per second in the same time, 210 to the panel's 90 px.
    expect(svg).toContain('<path d="M723.3 424V415.4H788.7V424" fill="none" stroke="#dc2626"');
    expect(svg).toMatch(/<path d="M58 540H723\.3V\d[^"]*Z" fill="#dc2626"\/>/);
  });

  it("names the failures of nobody's version", () => {
    const samples = madeSamples("1.0.0", [], START, START + 30);
    samples[9] = {
      t: START + 9,
      sent: 200,
      ok: 190,
      failed: 4,
      errors: 6,
      byVersion: { "1.0.0": { ok: 190, failed: 0 }, none: { ok: 0, failed: 4 } },
    };
    const svg = releasesSvg({ title: "t", samples, releases: [] });
    expect(parse(svg).texts.map(({ content }) => content)).toContain("no version answered");
    expect(svg).toContain("4 answered with an error, 6 not answered");
  });

  it("refuses an empty load", () => {
    expect(() => releasesSvg({ title: "t", samples: [], releases: [] })).toThrow(
      "samples must be three or more (got 0)",
    );
  });

  it("stays well-formed whatever names it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ maxLength: 12 }), (title, version) => {
        const release = madeRelease({ version, startedAt: START + 5, steps: [[10, 5]], outcome: "promoted" });
        parse(draw([release], 30, title));
      }),
      { numRuns: 60 },
    );
    expect(escapeXml("a\u0000<b>&\"'\ud800")).toBe("a\ufffd&lt;b&gt;&amp;&quot;&#39;\ufffd");
  });

  it("never lets texts overlap, leave the card, or grow the file beyond 60 KB", () => {
    const weights = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });
    const release = fc.record({
      weights: weights.map((list) => list.sort((a, b) => a - b)),
      hold: fc.integer({ min: 4, max: 60 }),
      pause: fc.integer({ min: 0, max: 40 }),
      promoted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(release, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 60 }), (list, rest) => {
        let at = START + 3;
        const releases = list.map(({ weights, hold, pause, promoted }, index) => {
          const made = madeRelease({
            version: `1.${index + 1}.0`,
            startedAt: at + pause,
            steps: weights.map((weight) => [weight, hold]),
            outcome: promoted ? "promoted" : "rolledBack",
          });
          made.state.totals.new = { total: 12_345_678, bad: 1 };
          at = made.state.endedAt ?? at;
          return made;
        });
        const svg = draw(releases, at - START + rest, "hello: a good release and a bad one");
        expect(svg.length).toBeLessThan(60_000);
        const { texts } = parse(svg);
        expect(collisions(texts)).toEqual([]);
        for (const { box, content } of texts) {
          expect(box.left, content).toBeGreaterThanOrEqual(0);
          expect(box.right, content).toBeLessThanOrEqual(900);
        }
        const height = Number(/height="([\d.]+)"/.exec(svg)?.[1]);
        expect(Math.max(...texts.map(({ box }) => box.bottom))).toBeLessThan(height);
      }),
      { numRuns: 100 },
    );
  });

  it("labels every step of one to six usual ones", () => {
    for (let number = 1; number <= 6; number += 1) {
      const weights = [5, 10, 25, 50, 75, 90].slice(0, number);
      const release = madeRelease({
        version: "1.1.0",
        startedAt: START + 5,
        steps: weights.map((weight) => [weight, 10]),
        outcome: "promoted",
      });
      const contents = parse(draw([release], 25 + 10 * number)).texts.map(({ content }) => content);
      const scale = [0, 25, 50, 75, 100].map((weight) => `${weight} %`);
      const labels = contents.filter((content) => /^\d+ %$/.test(content));
      expect(labels.sort()).toEqual([...scale, ...weights.map((weight) => `${weight} %`)].sort());
    }
  });
});

describe("paths", () => {
  it("turn only where a value changes", () => {
    expect(stepPath([0, 10, 20, 30], [5, 5, 7])).toBe("M0 5H20V7H30");
    expect(stepArea([0, 10, 20, 30], [5, 5, 7], [9, 9, 9])).toBe("M0 5H20V7H30V9H0Z");
    expect(stepArea([0, 10, 20], [1, 2], [8, 9])).toBe("M0 1H10V2H20V9H10V8H0Z");
  });
});

import { z } from "zod";
import { exec } from "../../../toolchain/exec";
import type { Placed } from "./finding";

/** Files a process is given: their paths stay far below what the arguments of a process may hold. */
const BATCH = 1_000;

async function inBatches(
  places: readonly string[],
  run: (batch: readonly string[]) => Promise<Placed[]>,
): Promise<Placed[]> {
  const all: Placed[] = [];
  for (let start = 0; start < places.length; start += BATCH) {
    all.push(...(await run(places.slice(start, start + BATCH))));
  }
  return all;
}

const actionlintReport = z
  .array(z.object({ message: z.string(), filepath: z.string(), line: z.int(), kind: z.string() }))
  .nullable();

/** Without shellcheck and pyflakes, so that it says the same on every machine. */
export function actionlint(program: string, work: string, places: readonly string[]): Promise<Placed[]> {
  return inBatches(places, async (batch) => {
    const args = ["-no-color", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}", ...batch];
    const { code, stdout, stderr } = await exec(program, args, { cwd: work });
    // It ends with 1 when it objects to something.
    if (code !== 0 && code !== 1) throw new Error(`actionlint ended with ${code}: ${stderr}`);
    const report = actionlintReport.parse(JSON.parse(stdout)) ?? [];
    return report.map(({ message, filepath, line, kind }) => ({
      tool: "actionlint",
      place: filepath,
      line,
      rule: kind,
      message,
    }));
  });
}

const zizmorReport = z.array(
  z.object({
    ident: z.string(),
    desc: z.string(),
    locations: z.array(
      z.object({
        symbolic: z.object({
          key: z.object({ Local: z.object({ verbatim_path: z.string() }) }),
          annotation: z.string(),
          kind: z.string(),
        }),
        concrete: z.object({ location: z.object({ start_point: z.object({ row: z.int() }) }) }),
      }),
    ),
  }),
);

/** Offline, as its strictest persona, with all that comments and configuration would hide. */
export function zizmor(program: string, work: string, places: readonly string[]): Promise<Placed[]> {
  return inBatches(places, async (batch) => {
    const { code, stdout, stderr } = await exec(
      program,
      [
        ...["--persona=auditor", "--offline", "--no-ignores", "--collect=all", "--format=json-v1"],
        ...["--no-progress", "--no-exit-codes", "--color=never", "--", ...batch],
      ],
      // Names each file it has read: of one it cannot read it only says that there is one.
      { cwd: work, env: { RUST_LOG: "info" } },
    );
    if (code !== 0 && !stderr.includes("no inputs collected")) throw new Error(`zizmor ended with ${code}: ${stderr}`);
    const read = new Set([...stderr.matchAll(/completed (.+)$/gm)].map(([, place]) => place));
    const unread = batch.filter((place) => !read.has(place));
    const report = code === 0 ? zizmorReport.parse(JSON.parse(stdout)) : [];
    return [
      ...unread.map((place) => ({ tool: "zizmor" as const, place, rule: "unreadable", message: "cannot be read" })),
      ...report.map(({ ident, desc, locations }) => {
        const location = locations.find(({ symbolic }) => symbolic.kind === "Primary") ?? locations[0];
        if (location === undefined) throw new Error(`zizmor's ${ident} names no place.`);
        return {
          tool: "zizmor" as const,
          place: location.symbolic.key.Local.verbatim_path,
          line: location.concrete.location.start_point.row + 1,
          rule: ident,
          message: `${desc}: ${location.symbolic.annotation}`,
        };
      }),
    ];
  });
}

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Decision {
  readonly yes: boolean;
  readonly why: string;
}

const hour = 3_600_000;

/** A "no" is asked again sooner: networks open more often than they close. */
export const isFresh = (decision: Decision, ageMs: number): boolean =>
  ageMs >= 0 && ageMs < (decision.yes ? 24 * hour : hour);

/** Asks `probe` unless a recent answer is in the cache. */
export async function decide(
  folder: string,
  name: string,
  probe: () => Promise<Decision>,
): Promise<Decision & { readonly cached: boolean }> {
  const file = join(folder, `${name}.json`);
  const known = await read(file);
  if (known !== undefined && isFresh(known, Date.now() - known.at)) {
    return { yes: known.yes, why: known.why, cached: true };
  }
  const decision = await probe();
  await mkdir(folder, { recursive: true });
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, JSON.stringify({ ...decision, at: Date.now() }));
  await rename(own, file);
  return { ...decision, cached: false };
}

async function read(file: string): Promise<(Decision & { readonly at: number }) | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value !== "object" || value === null) return undefined;
    if (!("yes" in value && typeof value.yes === "boolean")) return undefined;
    if (!("why" in value && typeof value.why === "string")) return undefined;
    if (!("at" in value && typeof value.at === "number")) return undefined;
    return { yes: value.yes, why: value.why, at: value.at };
  } catch {
    return undefined;
  }
}

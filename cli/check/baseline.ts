import { writeFileSync } from "node:fs";
import { z } from "zod";
import { InputError, MOST_JSON_BYTES, readText, reasonOf } from "./files";
import type { Told } from "./told";

/** Findings that were there when the rules came: they are counted, and stop nothing. */
export interface Baseline {
  /** How often each fingerprint may be found. */
  fingerprints: ReadonlyMap<string, number>;
}

const shape = z.strictObject({
  version: z.literal(1),
  findings: z.array(
    z.strictObject({
      fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
      /** The rest is for whoever reviews the file. */
      rule: z.string(),
      resource: z.string(),
      path: z.string(),
    }),
  ),
});

/** @throws InputError */
export function readBaseline(file: string): Baseline {
  const text = readText(file, MOST_JSON_BYTES);
  const wrong = new InputError(`${file}: is no baseline. Write one with --write-baseline.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw wrong;
  const fingerprints = new Map<string, number>();
  for (const { fingerprint } of parsed.data.findings) {
    fingerprints.set(fingerprint, (fingerprints.get(fingerprint) ?? 0) + 1);
  }
  return { fingerprints };
}

/** Writes what is found now, without what waivers cover: those say for how long. @throws InputError */
export function writeBaseline(file: string, told: readonly Told[]): number {
  const findings = told
    .filter(({ suppressed, rule }) => suppressed === undefined && rule !== "waiver-hygiene")
    .map(({ fingerprint, rule, resource, path }) => ({
      fingerprint,
      rule,
      resource: resource.urn ?? `${resource.type} ${resource.name}`,
      path,
    }));
  try {
    writeFileSync(file, `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  } catch (error) {
    throw new InputError(`${file}: cannot be written. ${reasonOf(error)}`);
  }
  return findings.length;
}

import { valid } from "semver";
import { z } from "zod";
import type { ActionPins } from "./pins";

const input = z.strictObject({
  required: z.boolean().optional(),
  type: z.enum(["string", "boolean", "number"]).optional(),
});

/** Whether it is a released version in full, after a v: "v7.0.1". */
export const isVersionTag = (tag: string): boolean => /^v[\d.]+$/.test(tag) && valid(tag) === tag.slice(1);

const pin = z.strictObject({
  tag: z.string().refine(isVersionTag, 'must be a full version such as "v7.0.1"'),
  sha: z.string().regex(/^[0-9a-f]{40}$/, "must be a commit of 40 hexadecimal digits"),
  date: z.iso.date().optional(),
  runsUsing: z.string().optional(),
  inputsFrom: z.string().optional(),
  inputs: z.record(z.string(), input),
  secrets: z.record(z.string(), z.strictObject({ required: z.boolean().optional() })).optional(),
  outputs: z.record(z.string(), z.strictObject({})).optional(),
});

/** "owner/repository", and a path in it: an action's folder or a reusable workflow's file. */
export const actionName = /^[\w.-]+\/[\w.-]+(\/[\w.-]+)*$/;

const pins = z.record(z.string().regex(actionName, "must be an owner, a repository and perhaps a path in it"), pin);

/**
 * The pins of a file's text, as `headgate pins update` writes them.
 *
 * @throws With every problem, each with its path, when it is no such file.
 */
export function readPins(text: string, file: string): ActionPins {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON (${error instanceof Error ? error.message : error}). ${AGAIN}`);
  }
  const read = pins.safeParse(value);
  if (read.success) return read.data as ActionPins;
  const lines = read.error.issues.map((issue) => {
    const message = issue.code === "invalid_key" ? issue.issues[0]?.message : issue.message;
    return `  ${issue.path.map(String).join(": ") || "it"}: ${message}`;
  });
  throw new Error([`${file} holds no pins. ${AGAIN}`, ...lines].join("\n"));
}

const AGAIN = "Restore it, or let headgate pins update write it again.";

/** The same pins give the same text, whatever their order. */
export function writePins(all: ActionPins): string {
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}

import { parse } from "yaml";
import { z } from "zod";
import type { ActionPin } from "../../components/github/pins/pins";
import { PinProblem } from "./github";

const flag = z.union([z.boolean(), z.string()]).optional();
const declared = z
  .looseObject({ required: flag, default: z.unknown().optional(), type: z.string().optional() })
  .nullish();
const named = z.record(z.string(), declared).nullish();
const action = z.looseObject({ inputs: named, runs: z.looseObject({ using: z.string() }) });
const workflow = z.looseObject({
  on: z.looseObject({ workflow_call: z.looseObject({ inputs: named, secrets: named, outputs: named }).nullable() }),
});

type Declared = z.infer<typeof named>;
const types = z.enum(["string", "boolean", "number"]).optional().catch(undefined);

/**
 * What the metadata of an action, or a reusable workflow, says of its inputs.
 *
 * @param text The file `action.yml`, or the workflow itself.
 * @param name Where it stands, for messages.
 */
export function readMetadata(
  text: string,
  name: string,
  kind: "action" | "workflow",
): Pick<ActionPin, "runsUsing" | "inputs" | "secrets" | "outputs"> {
  let value: unknown;
  try {
    value = parse(text, { logLevel: "error" });
  } catch {
    throw new PinProblem(`${name} is no YAML`);
  }
  if (kind === "action") {
    const read = action.safeParse(value);
    if (!read.success) throw new PinProblem(`${name} is no metadata of an action`);
    return { runsUsing: read.data.runs.using, inputs: inputsOf(read.data.inputs) };
  }
  const read = workflow.safeParse(value);
  if (!read.success) throw new PinProblem(`${name} is no workflow that can be called`);
  const { inputs, secrets, outputs } = read.data.on.workflow_call ?? {};
  return {
    runsUsing: "workflow",
    inputs: inputsOf(inputs),
    secrets: sorted(secrets, (each) => (isTrue(each?.required) ? { required: true } : {})),
    outputs: sorted(outputs, () => ({})),
  };
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

const inputsOf = (inputs: Declared): ActionPin["inputs"] =>
  sorted(inputs, (each) => {
    const type = types.parse(each?.type);
    const required = isTrue(each?.required) && each?.default === undefined;
    return { ...(type !== undefined && { type }), ...(required && { required }) };
  });

function sorted<T>(named: Declared, say: (each: NonNullable<Declared>[string]) => T): Record<string, T> {
  const names = Object.keys(named ?? {}).sort();
  return Object.fromEntries(names.map((name) => [name, say(named?.[name])]));
}

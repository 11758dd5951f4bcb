import { isRecord } from "../../shared/wire";

/** One step of a path: it turns the values so far into those one level deeper. */
type Step = (values: unknown[]) => unknown[];

/**
 * Reads the subset of JSONPath that conditions need: `.field`, `['field']`, `[0]`, `[-1]`, `[*]` and
 * `[?(@.field=="value")]`. Throws on anything else, with the piece it does not know.
 */
export function parseJsonPath(text: string): (value: unknown) => unknown[] {
  const steps: Step[] = [];
  const pattern =
    /\.([\w-]+(?:\\\.[\w-]+)*)|\.\*|\[\*\]|\[(-?\d+)\]|\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|\[\?\(\s*@((?:\.[\w-]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/y;
  let rest = text.startsWith("$") ? text.slice(1) : text;
  if (rest !== "" && !/^[.[]/.test(rest)) rest = `.${rest}`;
  while (pattern.lastIndex < rest.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(rest);
    if (match === null) throw new Error(`"${rest.slice(start)}" of "${text}" is not understood`);
    const [, name, index, single, double, field, ...values] = match;
    const key = name?.replaceAll("\\.", ".") ?? single ?? double;
    if (key !== undefined) steps.push(fieldStep(key));
    else if (index !== undefined)
      steps.push((all) => all.flatMap((value) => (Array.isArray(value) ? value.slice(Number(index)).slice(0, 1) : [])));
    else if (field !== undefined) steps.push(filterStep(field, values.find((value) => value !== undefined) ?? ""));
    else steps.push((all) => all.flatMap(items));
  }
  return (value) => steps.reduce((values, step) => step(values), [value]);
}

function fieldStep(key: string): Step {
  return (all) => all.flatMap((value) => (isRecord(value) && value[key] !== undefined ? [value[key]] : []));
}

function filterStep(field: string, wanted: string): Step {
  const path = field.slice(1).split(".").map(fieldStep);
  return (all) =>
    all.flatMap(items).filter((item) => String(path.reduce((values, step) => step(values), [item])[0]) === wanted);
}

function items(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

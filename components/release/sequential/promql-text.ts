/** Gives every element of a vector a label. */
export function labelled(expression: string, name: string, value: string): string {
  return `label_replace(${expression},"${name}","${value}","","")`;
}

export function union(parts: readonly string[]): string {
  return `(${parts.join(" or ")})`;
}

/** Numbers as a vector, told apart by label e. */
export function numbered(values: readonly number[]): string {
  return union(values.map((value) => labelled(`vector(${number(value)})`, "e", number(value))));
}

/** A range of so many seconds in steps, as a subquery. It ends a millisecond early: see sequentialPromql. */
export const subquery = (seconds: number, step: number) => `[${duration(seconds - 0.001)}:${duration(step)}]`;

/** Whole seconds where possible, else milliseconds: PromQL knows no fractions. */
export function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}

/** A number as PromQL reads it, to all digits. */
export function number(value: number): string {
  return String(value);
}

/** Text that GitHub reads as it stands, with expressions in it. Only `expression` and `text` make one. */
export class Evaluated {
  /** @param source What stands between `${{` and `}}`, for an expression; the whole text otherwise. */
  constructor(
    readonly source: string,
    readonly isExpression: boolean,
  ) {}

  toString(): string {
    return this.isExpression ? `\${{ ${this.source} }}` : this.source;
  }
}

/**
 * An expression of GitHub Actions. What is put into the template as text becomes a literal of the expression, whatever
 * it holds; what is an expression itself stays one.
 * Source: GitHub docs, "Evaluate expressions in workflows and actions", section Literals.
 */
export function expression(parts: TemplateStringsArray, ...values: (string | Evaluated)[]): Evaluated {
  const shown = values.map((value) =>
    typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : value.isExpression ? value.source : undefined,
  );
  if (shown.includes(undefined)) throw new Error("a text with expressions in it is no part of an expression");
  return new Evaluated(String.raw({ raw: parts }, ...shown), true);
}

/** Text with expressions in it. What is put in as text stays text, also where it looks like an expression. */
export function text(parts: TemplateStringsArray, ...values: (string | Evaluated)[]): Evaluated {
  const shown = values.map((value) => (typeof value === "string" ? literal(value) : value.toString()));
  return new Evaluated(String.raw({ raw: parts }, ...shown), false);
}

/** Joins conditions that must all hold. */
export function all(conditions: readonly Evaluated[]): Evaluated {
  const several = conditions.length > 1;
  return new Evaluated(
    conditions.map(({ source }) => (several && source.includes("||") ? `(${source})` : source)).join(" && "),
    true,
  );
}

/** Joins conditions of which one must hold. */
export const any = (conditions: readonly Evaluated[]): Evaluated =>
  new Evaluated(conditions.map(({ source }) => source).join(" || "), true);

const opening = "$\u007b{";

/** Text that GitHub shows as it is: the beginning of an expression is written as an expression that gives it. */
export const literal = (value: string): string => value.replaceAll(opening, `${opening} '${opening}' }}`);

/** Pieces of text and expressions, one after the other. */
export const concat = (...pieces: (string | Evaluated)[]): Evaluated =>
  new Evaluated(pieces.map((piece) => (typeof piece === "string" ? literal(piece) : piece.toString())).join(""), false);

/** Whether a run is for one of these branches; a glob is told by what stands before and after its stars. */
export function onBranches(branches: readonly string[]): Evaluated {
  return any(branches.map((branch) => matchesRef("refs/heads/", branch)));
}

function matchesRef(kind: string, glob: string): Evaluated {
  const [start = "", ...rest] = glob.split("*");
  if (rest.length === 0) return expression`github.ref == ${kind + glob}`;
  const end = rest.at(-1) ?? "";
  const conditions = [expression`startsWith(github.ref, ${kind + start})`];
  if (end !== "") conditions.push(expression`endsWith(github.ref, ${end})`);
  return all(conditions);
}

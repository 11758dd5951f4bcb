/**
 * What an expression of GitHub Actions can put into a text. Only as much of the language as that takes: its operators,
 * contexts, and calls. Source: GitHub, "Evaluate expressions in workflows and actions".
 */
export interface Value {
  /** Contexts whose value may come out, in lower case: `github.event.issue.title`, `github.event.commits.*.message`. */
  contexts: readonly string[];
  /** Whether they come out as JSON, with everything below them. */
  whole: boolean;
}

const NOTHING: Value = { contexts: [], whole: false };

/** Calls that give back (a part of) what they get. The others give true, false or a hash. */
const PASSING = ["format", "join", "tojson", "fromjson"];

const TOKENS =
  /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w-]*)|(-?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?))|(&&|\|\||[=!<>]=|[!<>()[\],.*])|(.))/gisy;

/** What every `${{ … }}` of a text can give. */
export const givenBy = (text: string): Value[] =>
  expressionsIn(text).map((expression) => givenByExpression(expression.slice(3, -2)));

/** Every `${{ … }}` of a text, with its braces. */
export function expressionsIn(text: string): string[] {
  const found: string[] = [];
  let start = text.indexOf("${{");
  while (start >= 0) {
    const end = endOf(text, start + 3);
    if (end === undefined) break;
    found.push(text.slice(start, end + 2));
    start = text.indexOf("${{", end);
  }
  return found;
}

/** Where the braces close, outside of texts. A quote is written twice in a text, which opens a text anew. */
function endOf(text: string, from: number): number | undefined {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith("}}", at)) return at;
  }
  return undefined;
}

/** What an expression can give; for one that is malformed, which GitHub refuses, nothing. */
export function givenByExpression(expression: string): Value {
  const parser = new Parser(
    Array.from(expression.matchAll(TOKENS), ([token]) => token.trim()).filter((token) => token),
  );
  try {
    return parser.all();
  } catch (error) {
    if (error instanceof Malformed) return NOTHING;
    throw error;
  }
}

class Malformed extends Error {}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  all(): Value {
    const value = this.either();
    if (this.at < this.tokens.length) throw new Malformed();
    return value;
  }

  /** `a || b` gives either. */
  private either(): Value {
    let value = this.both();
    while (this.take("||")) value = merged([value, this.both()]);
    return value;
  }

  /** `a && b` gives b, or an `a` that is false. */
  private both(): Value {
    let value = this.compared();
    while (this.take("&&")) value = this.compared();
    return value;
  }

  private compared(): Value {
    let value = this.primary();
    while (["==", "!=", "<", ">", "<=", ">="].some((operator) => this.take(operator))) {
      this.primary();
      value = NOTHING;
    }
    return value;
  }

  private primary(): Value {
    if (++this.depth > 200) throw new Malformed();
    try {
      if (this.take("!")) {
        this.primary();
        return NOTHING;
      }
      if (this.take("(")) {
        const value = this.either();
        this.need(")");
        return this.below(value);
      }
      const token = this.next();
      if (/^['\d-]/.test(token)) return NOTHING;
      if (!/^[a-z_]/i.test(token)) throw new Malformed();
      const name = token.toLowerCase();
      if (this.take("(")) return this.call(name);
      return this.below({ contexts: [name], whole: false });
    } finally {
      this.depth -= 1;
    }
  }

  private call(name: string): Value {
    const values: Value[] = [];
    if (!this.take(")")) {
      do values.push(this.either());
      while (this.take(","));
      this.need(")");
    }
    const value = PASSING.includes(name) ? merged(values) : NOTHING;
    return this.below(name === "tojson" ? { ...value, whole: true } : value);
  }

  /** `.name`, `.*`, `['name']`, `[0]` and `[github.run_id]`, as often as they come. */
  private below(value: Value): Value {
    let contexts = value.contexts;
    const descend = (key: string) => {
      contexts = contexts.map((context) => `${context}.${key}`);
    };
    for (;;) {
      if (this.take(".")) descend(this.next().toLowerCase());
      else if (this.take("[")) {
        const key = this.tokens[this.at] ?? "";
        if (!this.take("*")) this.either();
        this.need("]");
        descend(key.startsWith("'") ? key.slice(1, -1).replaceAll("''", "'").toLowerCase() : "*");
      } else return { ...value, contexts };
    }
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private need(token: string): void {
    if (!this.take(token)) throw new Malformed();
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Malformed();
    this.at += 1;
    return token;
  }
}

const merged = (values: readonly Value[]): Value => ({
  contexts: values.flatMap(({ contexts }) => contexts),
  whole: values.some(({ whole }) => whole),
});

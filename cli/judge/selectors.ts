import { wrong } from "./table";

/** A metric, or a metric with matchers, or matchers alone. */
const SELECTOR = /^([a-zA-Z_:][\w:]*)?\s*(?:\{(.*)\})?$/s;
/** One matcher: label, operator, quoted value. */
const MATCHER = /^\s*([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*(?:,|$)/s;

/** A selector in its parts. */
export interface Selector {
  /** Name of the metric; undefined when only matchers say it. */
  metric: string | undefined;
  matchers: string[];
}

/**
 * Takes a selector such as `http_requests_total{code=~"5.."}` apart.
 * @param option What it was given as, for the message.
 * @throws UsageError when it is none: a function of a counter, for one.
 */
export function parseSelector(option: string, text: string): Selector {
  const found = SELECTOR.exec(text.trim());
  if (found !== null && text.trim() !== "") {
    const [, metric, inside = ""] = found;
    const matchers = split(inside);
    if (matchers !== undefined && (metric !== undefined || matchers.length > 0)) return { metric, matchers };
  }
  const fix =
    "Name the counter itself, such as 'http_requests_total{code=~\"5..\"}': this command counts its increments";
  throw wrong(`${option} is no selector (got ${JSON.stringify(text)}). ${fix}.`);
}

/**
 * Takes matchers such as `revision="12",zone!="a"` apart, with or without braces around them.
 * @throws UsageError
 */
export function parseMatchers(option: string, text: string): string[] {
  const inside = text.trim().replace(/^\{(.*)\}$/s, "$1");
  const matchers = split(inside);
  if (matchers !== undefined && matchers.length > 0) return matchers;
  throw wrong(`${option} must be label matchers (got ${JSON.stringify(text)}). Write 'revision="12"', for example.`);
}

/** The matchers of a comma list; a comma may end it. Undefined when it is none. */
function split(inside: string): string[] | undefined {
  const matchers: string[] = [];
  let rest = inside;
  while (rest.trim() !== "") {
    const found = MATCHER.exec(rest);
    if (found === null) return undefined;
    matchers.push(found[0].replace(/\s*,?\s*$/, "").trim());
    rest = rest.slice(found[0].length);
  }
  return matchers;
}

/** A selector with further matchers. */
export function narrowed({ metric = "", matchers }: Selector, more: readonly string[]): string {
  return `${metric}{${[...matchers, ...more].join(",")}}`;
}

/** Names of the labels that matchers ask for. */
export const labelsOf = (matchers: readonly string[]): string[] =>
  matchers.map((matcher) => /^\w+/.exec(matcher)?.[0] ?? "");

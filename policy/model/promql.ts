const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Whether a text can be an expression of PromQL at all: it says something, and its brackets and quotes close. A whole
 * grammar is the server's business.
 */
export function canBeExpression(text: string): boolean {
  const open: string[] = [];
  const rest = withoutTexts(text);
  if (rest === undefined || rest.trim() === "") return false;
  for (const character of rest) {
    if ("([{".includes(character)) open.push(character);
    else if (character in PAIRS && open.pop() !== PAIRS[character]) return false;
  }
  // Two operators that need a value between them, or one at an end.
  return open.length === 0 && !/(?:^|[([{,])\s*[*/%^]|[-+*/%^<>=]\s*(?:$|[)\]])/.test(rest);
}

/** The text without comments and with every quoted text empty; undefined where one does not end. */
function withoutTexts(text: string): string | undefined {
  const quoted = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|`[^`]*`|#[^\n]*/g;
  const rest = text.replace(quoted, (found) => (found.startsWith("#") ? "" : '""'));
  return /["'`]/.test(rest.replaceAll('""', "")) ? undefined : rest;
}

/** Windows that an expression looks back over, by range or by the name of a recorded value: "5m", "1h". */
export const windowsOf = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/(?:\[|(?:rate|ratio|error|burn|increase)[_:]?)(\d+(?:ms|[smhdwy]))/g)].map(
      ([, window = ""]) => window,
    ),
  ),
];

/** Whether it asks how fast an error budget is used up. */
export const isBurnRate = (text: string): boolean => /\bslo:|burn_?rate/i.test(text);

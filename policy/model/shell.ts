/** One command of a script: its words, without quotes. */
export type Words = readonly string[];

/** What stands before a command and is none: variables, and those that run what comes after them. */
const BEFORE = /^([A-Za-z_]\w*=.*|sudo|env|exec|time|command|then|do|else|if|while|!|-E|&)$/;

/**
 * The commands of a shell script as far as a reader sees them: by line, `;`, `&&`, `||` and `|`, without comments and
 * documents within the script. No more of the language than that.
 */
export function commandsOf(script: string): Words[] {
  return linesOf(script)
    .flatMap((line) => line.split(/&&|\|\|?|;|\$\(|`|\)|\{|\}/))
    .map((command) => {
      const said = command.replace(/(^|\s)\d?[<>]{1,2}&?\s*\S+/g, " ");
      const words = Array.from(said.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) => word.replace(/["']/g, ""));
      const first = words.findIndex((word) => !BEFORE.test(word));
      return first < 0 ? [] : words.slice(first);
    })
    .filter((words) => words.length > 0);
}

/** Lines with those that go on joined, without comments, and without documents within the script. */
export function linesOf(script: string): string[] {
  const lines: string[] = [];
  let until: string | undefined;
  for (const line of script.replace(/\\\r?\n/g, " ").split("\n")) {
    if (until !== undefined) {
      if (line.trim() === until) until = undefined;
      continue;
    }
    const said = line.replace(/(^|\s)#.*$/, "$1").trim();
    until = /<<-?\s*["']?(\w+)["']?/.exec(said)?.[1];
    if (said !== "") lines.push(said);
  }
  return lines;
}
